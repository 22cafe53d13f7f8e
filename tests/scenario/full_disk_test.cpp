// A disk that takes no more: 503 at the door, nothing lost that was answered 200, and on by itself when there is room.
#include <sys/resource.h>

#include "served.hpp"

namespace parley::scenario {
namespace {

class FullDisk : public Served {
  protected:
    static constexpr int users = 40;
    static constexpr int each = 20;

    // With what settles a send of which only the engine knows that it was made.
    void start(bool statuses, const std::string& wait) {
        deployments =
            deployment("shop", "111", "{}", "    unknown_sends: { wait: " + wait + ", then: resend }\n");
        sim::Behaviour behaviour = quick_statuses();
        behaviour.statuses = statuses;
        start_graph(behaviour);
        write_config();
    }

    // Posts everything; in the midst of it calls `fill`, and `make_room` once the engine has felt it.
    void post_around(const std::function<void()>& fill, const std::function<void()>& make_room) {
        std::promise<void> is_full;
        std::thread poster([&] {
            post_all(users, 0, each / 2);
            is_full.get_future().wait();
            post_all(users, each / 2, each);
        });
        EXPECT_TRUE(eventually([&] { return accepted() >= users * each / 4; }));
        fill();
        use_up_slack();
        is_full.set_value();
        EXPECT_TRUE(eventually([&] { return unavailable >= 200; }));
        EXPECT_TRUE(eventually([&] { return get("/ready") == 503; }));
        EXPECT_EQ(get("/health"), 200);
        EXPECT_LT(accepted(), static_cast<std::uint64_t>(users * each));
        make_room();
        poster.join();
        EXPECT_TRUE(eventually([&] { return get("/ready") == 200; }));
    }

    // What its files still have room for: messages for a number that nobody has, large ones, then small ones.
    void use_up_slack() {
        int n = 0;
        for (const std::size_t size : {std::size_t{256} << 10, std::size_t{1} << 10}) {
            int status = 200;
            while (status == 200) {
                const std::string id = "wamid.slack" + std::to_string(n++);
                status = meta.post(envelope({change(
                    "999", "\"messages\":[" + text_message(person(99), id, std::string(size, 'x')) + "]")}));
            }
            EXPECT_EQ(status, 503);
        }
    }

    // Every file of the engine refuses to be written, as with ENOSPC; what is mapped stays writable.
    void forbid_writing(bool forbidden) {
        const rlimit limit{forbidden ? 0 : RLIM_INFINITY, RLIM_INFINITY};
        ASSERT_EQ(::prlimit(process->pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
    }

    // A small file system that only the engine sees; the test reaches it through the engine's root.
    std::filesystem::path ballast() const {
        return "/proc/" + std::to_string(process->pid()) + "/root" + store_folder.string() + "/ballast";
    }
    static std::vector<std::string> in_own_file_system(const std::filesystem::path& folder,
                                                       const std::vector<std::string>& words) {
        std::vector<std::string> all = {
            "unshare",      "-Urm", "--",
            "sh",           "-c",   "mount -t tmpfs -o size=64m tmpfs \"$0\" && exec \"$@\"",
            folder.string()};
        all.insert(all.end(), words.begin(), words.end());
        return all;
    }
    bool can_have_own_file_system() const {
        Process trial(in_own_file_system(store_folder, {"true"}), {});
        return trial.wait().code == 0;
    }
    void fill_file_system() {
        const std::string zeros(64 << 10, '\0');
        std::ofstream file(ballast(), std::ios::binary);
        while (file.write(zeros.data(), static_cast<std::streamsize>(zeros.size())) && file.flush()) {
        }
        EXPECT_EQ(std::filesystem::space(ballast()).available, 0U);
    }
};

TEST_F(FullDisk, delays_webhooks_and_loses_none) {
    start(true, "10s");
    serve();
    post_around([&] { forbid_writing(true); }, [&] { forbid_writing(false); });
    expect_all_answered(users, each);
}

TEST_F(FullDisk, of_a_real_file_system_delays_webhooks_and_loses_none) {
    store_folder = folder_.path() / "disk";
    std::filesystem::create_directory(store_folder);
    if (!can_have_own_file_system())
        GTEST_SKIP() << "this machine lets nobody mount a file system of his own";
    start(true, "10s");
    serve(in_own_file_system(store_folder, serve_words()));
    post_around([&] { fill_file_system(); }, [&] { std::filesystem::remove(ballast()); });
    expect_all_answered(users, each);
}

TEST_F(FullDisk, and_a_kill_in_the_midst_of_it_repeat_nothing) {
    // Nothing tells of the sends before it but what the engine kept in its reserve.
    start(false, "100ms");
    serve();
    post_around([&] { forbid_writing(true); },
                [&] {
                    process->kill();
                    serve();
                });
    expect_all_answered(users, each);
}

}  // namespace
}  // namespace parley::scenario
