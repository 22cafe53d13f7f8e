#include "kit/junit.hpp"

#include <algorithm>
#include <cstdio>

#include "base/json_text.hpp"

namespace parley::kit {
namespace {

// Control characters cannot be written in XML 1.0 at all.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (byte >= 0x20 || c == '\n' || c == '\t')
            out += c;
        else
            out += '?';
    }
    return out;
}

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
        xml += "  <testsuite name=\"" + escaped(suite.name) + "\"" + attributes(suite.cases) + ">\n";
        for (const JUnitCase& one : suite.cases) {
            xml += "    <testcase classname=\"" + escaped(suite.name) + "\" name=\"" + escaped(one.name) +
                   "\" time=\"" + seconds(one.seconds) + "\">\n";
            if (!one.skipped.empty()) xml += "      <skipped message=\"" + escaped(one.skipped) + "\"/>\n";
            if (!one.failure.empty())
                xml += "      <failure type=\"" + escaped(one.failure_type) + "\" message=\"" +
                       escaped(one.failure.substr(0, one.failure.find('\n'))) + "\">" + escaped(one.failure) +
                       "</failure>\n";
            if (!one.output.empty()) xml += "      <system-out>" + escaped(one.output) + "</system-out>\n";
            xml += "    </testcase>\n";
        }
        xml += "  </testsuite>\n";
    }
    return xml + "</testsuites>\n";
}

}  // namespace parley::kit
