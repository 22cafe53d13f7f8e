// Loads the built agents and talks to them; exit 1 and a line on the first surprise.
#include <cstdio>
#include <string>

#include <parley/testing/fake_host.hpp>

namespace {

int surprises = 0;

void expect(const std::string& found, const std::string& expected) {
    if (found == expected) return;
    std::fprintf(stderr, "expected: %s\nfound:    %s\n", expected.c_str(), found.c_str());
    ++surprises;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    using parley::testing::FakeHost;
    using parley::testing::Library;
    FakeHost greeter{Library(argv[1])};
    expect(greeter.start().error, "");
    expect(greeter.send({.text = "Hi"}).text(), "Hello Asha, first: Hi\nGo on?");
    expect(greeter.send({.text = "Hi"}).text(), "Hello Asha, again: Hi\nGo on?");
    FakeHost parrot{Library(argv[2])};
    expect(parrot.start().error, "");
    expect(parrot.send({.text = "Hi"}).text(), "Hi");
    return surprises == 0 ? 0 : 1;
}
