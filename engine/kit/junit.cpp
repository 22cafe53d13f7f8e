#include "kit/junit.hpp"

#include <algorithm>
#include <cstdio>

#include "base/json_text.hpp"
#include "kit/markup.hpp"

namespace parley::kit {
namespace {

std::string seconds(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

std::string attributes(const std::vector<JUnitCase>& cases) {
    double total = 0;
    for (const JUnitCase& one : cases) total += one.seconds;
    const auto counted = [&](auto is) {
        return std::to_string(std::count_if(cases.begin(), cases.end(), is));
    };
    return " tests=\"" + std::to_string(cases.size()) + "\" failures=\"" +
           counted([](const JUnitCase& one) { return !one.failure.empty(); }) + "\" skipped=\"" +
           counted([](const JUnitCase& one) { return !one.skipped.empty(); }) + "\" time=\"" +
           seconds(total) + "\"";
}

}  // namespace

std::string to_xml(const std::vector<JUnitSuite>& suites) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const JUnitSuite& suite : suites) {
        xml += "  <testsuite name=\"" + to_markup(suite.name) + "\"" + attributes(suite.cases) + ">\n";
        for (const JUnitCase& one : suite.cases) {
            xml += "    <testcase classname=\"" + to_markup(suite.name) + "\" name=\"" + to_markup(one.name) +
                   "\" time=\"" + seconds(one.seconds) + "\">\n";
            if (!one.skipped.empty()) xml += "      <skipped message=\"" + to_markup(one.skipped) + "\"/>\n";
            if (!one.failure.empty())
                xml += "      <failure type=\"" + to_markup(one.failure_type) + "\" message=\"" +
                       to_markup(one.failure.substr(0, one.failure.find('\n'))) + "\">" +
                       to_markup(one.failure) + "</failure>\n";
            if (!one.output.empty()) xml += "      <system-out>" + to_markup(one.output) + "</system-out>\n";
            xml += "    </testcase>\n";
        }
        xml += "  </testsuite>\n";
    }
    return xml + "</testsuites>\n";
}

}  // namespace parley::kit
