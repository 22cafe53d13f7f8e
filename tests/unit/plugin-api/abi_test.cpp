// The contract's layout in C++20, and its rule for structs that grow.
#include <type_traits>

#include <gtest/gtest.h>

#include "abi_layout.h"

namespace {

// What each function takes and gives, as offsets cannot see it.
template <class Found, class Expected>
constexpr bool is_same = std::is_same_v<Found, Expected>;

static_assert(is_same<decltype(parley_host::get_extension), const void* (*)(void*, const char*)>);
static_assert(
    is_same<decltype(parley_host::log), void (*)(void*, int32_t, parley_turn, parley_str, parley_str)>);
static_assert(is_same<decltype(parley_host::reply), parley_status (*)(void*, parley_turn, parley_str)>);
static_assert(is_same<decltype(parley_host::reply_text), parley_status (*)(void*, parley_turn, parley_str)>);
static_assert(is_same<decltype(parley_host::state_put), parley_status (*)(void*, parley_turn, parley_str)>);
static_assert(
    is_same<decltype(parley_host::annotate), parley_status (*)(void*, parley_turn, parley_str, parley_str)>);
static_assert(
    is_same<decltype(parley_host::finish), parley_status (*)(void*, parley_turn, parley_status, parley_str)>);
static_assert(is_same<decltype(parley_host::extend), parley_status (*)(void*, parley_turn, uint32_t)>);
static_assert(is_same<decltype(parley_host::now_unix_ms), int64_t (*)(void*)>);
static_assert(is_same<decltype(parley_host::now_mono_ns), uint64_t (*)(void*)>);
static_assert(is_same<decltype(parley_host::random), void (*)(void*, void*, size_t)>);
static_assert(is_same<decltype(parley_agent::start), parley_status (*)(void*)>);
static_assert(is_same<decltype(parley_agent::on_event), void (*)(void*, const parley_event*)>);
static_assert(is_same<decltype(parley_agent::on_result), void (*)(void*, parley_op, const parley_result*)>);
static_assert(is_same<decltype(parley_agent::on_cancel), void (*)(void*, parley_turn, parley_status)>);
static_assert(
    is_same<decltype(parley_agent::reconfigure), parley_status (*)(void*, parley_str, char*, size_t)>);
static_assert(is_same<decltype(parley_agent::get_extension), const void* (*)(void*, const char*)>);
static_assert(is_same<decltype(parley_agent::destroy), void (*)(void*)>);
static_assert(is_same<decltype(parley_plugin::count), uint32_t (*)(void)>);
static_assert(is_same<decltype(parley_plugin::desc), const parley_desc* (*)(uint32_t)>);
static_assert(
    is_same<decltype(parley_plugin::create),
            parley_status (*)(const char*, const parley_host*, parley_str, parley_agent*, char*, size_t)>);
static_assert(is_same<decltype(parley_http::request),
                      parley_status (*)(void*, parley_turn, parley_str, parley_str, parley_op*)>);
static_assert(is_same<decltype(parley_http::cancel), parley_status (*)(void*, parley_op)>);
static_assert(
    is_same<decltype(parley_timer::start), parley_status (*)(void*, parley_turn, uint32_t, parley_op*)>);
static_assert(is_same<decltype(parley_timer::cancel), parley_status (*)(void*, parley_op)>);
static_assert(is_same<decltype(parley_secrets::get),
                      parley_status (*)(void*, parley_str, char*, std::size_t, std::size_t*)>);
static_assert(is_same<decltype(parley_metrics::counter),
                      parley_status (*)(void*, parley_str, parley_str, parley_str, parley_metric*)>);
static_assert(is_same<decltype(parley_metrics::histogram),
                      parley_status (*)(void*, parley_str, parley_str, parley_str, const double*, std::size_t,
                                        parley_metric*)>);
static_assert(is_same<decltype(parley_metrics::add), parley_status (*)(void*, parley_metric, double)>);
static_assert(is_same<decltype(parley_metrics::observe), parley_status (*)(void*, parley_metric, double)>);
static_assert(is_same<parley_metric, uint64_t>);
static_assert(is_same<decltype(parley_thread_check::is_agent), int32_t (*)(void*)>);
static_assert(
    is_same<decltype(parley_state_migrate::migrate),
            parley_status (*)(void*, uint32_t, parley_str, void*, parley_sink, char*, std::size_t)>);
static_assert(is_same<decltype(parley_handover::export_memory),
                      parley_status (*)(void*, void*, parley_sink, char*, std::size_t)>);
static_assert(is_same<decltype(parley_handover::import_memory),
                      parley_status (*)(void*, parley_str, parley_str, char*, std::size_t)>);
static_assert(is_same<decltype(parley_health::check), int32_t (*)(void*, char*, std::size_t)>);
static_assert(is_same<parley_sink, void (*)(void*, parley_str)>);
static_assert(
    is_same<decltype(parley_kv::get), parley_status (*)(void*, parley_turn, parley_str, parley_op*)>);
static_assert(is_same<decltype(parley_kv::put),
                      parley_status (*)(void*, parley_turn, parley_str, parley_str, uint64_t, parley_op*)>);
static_assert(is_same<decltype(parley_kv::remove),
                      parley_status (*)(void*, parley_turn, parley_str, uint64_t, parley_op*)>);
static_assert(is_same<decltype(parley_kv::list),
                      parley_status (*)(void*, parley_turn, parley_str, parley_str, uint32_t, parley_op*)>);
static_assert(PARLEY_KV_ANY == UINT64_MAX);
static_assert(is_same<decltype(parley_followup::schedule),
                      parley_status (*)(void*, parley_turn, parley_str, uint64_t, uint32_t, parley_str)>);
static_assert(is_same<decltype(parley_followup::schedule_at),
                      parley_status (*)(void*, parley_turn, parley_str, int64_t, uint32_t, parley_str)>);
static_assert(is_same<decltype(parley_followup::cancel), parley_status (*)(void*, parley_turn, parley_str)>);
static_assert(is_same<parley_turn, uint64_t> && is_same<parley_op, uint64_t> &&
              is_same<parley_status, int32_t>);
static_assert(PARLEY_ABI_MAJOR == 1, "another major is another symbol: parley_plugin_v2");

TEST(PluginContract, keeps_the_ids_of_its_extensions) {
    EXPECT_STREQ(PARLEY_EXT_HTTP, "parley.http/1");
    EXPECT_STREQ(PARLEY_EXT_TIMER, "parley.timer/1");
    EXPECT_STREQ(PARLEY_EXT_SECRETS, "parley.secrets/1");
    EXPECT_STREQ(PARLEY_EXT_METRICS, "parley.metrics/1");
    EXPECT_STREQ(PARLEY_EXT_KV, "parley.kv/1");
    EXPECT_STREQ(PARLEY_EXT_STATE_MIGRATE, "parley.state-migrate/1");
    EXPECT_STREQ(PARLEY_EXT_HANDOVER, "parley.handover/1");
    EXPECT_STREQ(PARLEY_EXT_HEALTH, "parley.health/1");
    EXPECT_STREQ(PARLEY_EXT_THREAD_CHECK, "parley.thread-check/1");
    EXPECT_STREQ(PARLEY_EXT_FOLLOWUP, "parley.followup/1");
}

TEST(PluginContract, has_reads_only_what_the_maker_of_the_struct_knew) {
    parley_agent agent{};
    agent.struct_size = offsetof(parley_agent, reconfigure);
    EXPECT_TRUE(PARLEY_HAS(&agent, on_cancel));
    EXPECT_FALSE(PARLEY_HAS(&agent, reconfigure));
    EXPECT_FALSE(PARLEY_HAS(&agent, destroy));
    agent.struct_size = offsetof(parley_agent, reconfigure) + 1;
    EXPECT_FALSE(PARLEY_HAS(&agent, reconfigure)) << "half a field is not a field";
}

TEST(PluginContract, has_covers_all_fields_of_a_struct_of_this_version) {
    const parley_host host{.struct_size = sizeof(parley_host)};
    EXPECT_TRUE(PARLEY_HAS(&host, struct_size));
    EXPECT_TRUE(PARLEY_HAS(&host, random));
}

}  // namespace
