#include "app/agent_watcher.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

class AgentWatching : public testing::Test {
  protected:
    void write(const std::string& name, const std::string& text) {
        std::ofstream(folder_.path() / name) << text;
        // Two writes within one tick of the file system's clock would look alike.
        std::filesystem::last_write_time(folder_.path() / name,
                                         std::filesystem::file_time_type{std::chrono::seconds(++writes_)});
    }
    std::vector<std::string> look() {
        told_.clear();
        watcher_.look();
        return told_;
    }

    fakes::TempFolder folder_;
    std::vector<std::string> told_;
    int writes_ = 0;
    AgentWatcher watcher_{[this] {
                              return std::vector<AgentWatcher::Watched>{
                                  {DeploymentId("shop"), folder_.path() / "a.so"},
                                  {DeploymentId("desk"), folder_.path() / "a.so"},
                                  {DeploymentId("sales"), folder_.path() / "b.so"}};
                          },
                          [this](const DeploymentId& id) { told_.push_back(id.str()); }};
    using Names = std::vector<std::string>;
};

TEST_F(AgentWatching, tells_of_a_changed_file_once_for_each_deployment_when_it_is_whole) {
    write("a.so", "one");
    write("b.so", "one");
    EXPECT_EQ(look(), Names{});
    EXPECT_EQ(look(), Names{});
    write("a.so", "tw");
    EXPECT_EQ(look(), Names{});
    write("a.so", "two");
    EXPECT_EQ(look(), Names{}) << "it is still being written";
    EXPECT_EQ(look(), (Names{"shop", "desk"}));
    EXPECT_EQ(look(), Names{});
    write("b.so", "two");
    look();
    EXPECT_EQ(look(), Names{"sales"});
}

TEST_F(AgentWatching, waits_for_a_file_that_is_away) {
    write("a.so", "one");
    look();
    std::filesystem::remove(folder_.path() / "a.so");
    EXPECT_EQ(look(), Names{});
    EXPECT_EQ(look(), Names{});
    write("a.so", "two");
    look();
    EXPECT_EQ(look(), (Names{"shop", "desk"}));
}

}  // namespace
}  // namespace parley
