// JUnit's XML, as CI systems read it.
#pragma once

#include <string>
#include <vector>

namespace parley::kit {

struct JUnitCase {
    std::string name;
    double seconds = 0;
    std::string skipped;  // why; empty: it ran
    std::string failure;  // the text; empty: it passed
    std::string failure_type;
    std::string output;
};

struct JUnitSuite {
    std::string name;
    std::vector<JUnitCase> cases;
};

std::string to_xml(const std::vector<JUnitSuite>& suites);

}  // namespace parley::kit
