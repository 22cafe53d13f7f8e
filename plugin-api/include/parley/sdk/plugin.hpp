// PARLEY_PLUGIN: the entry symbol and the manifest of a library with one agent.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <parley/sdk/callbacks.hpp>
#include <parley/sdk/manifest.hpp>

namespace parley {

// The C functions of the table, for the agent A described by D.
template <class A, const parley_desc* D>
class PluginTable {
    static_assert(std::derived_from<A, Agent<A>>, "write: struct Hello : parley::Agent<Hello>");
    static_assert(
        requires(A & agent, Turn turn) {
            { agent.on_message(std::move(turn)) } -> std::same_as<Task>;
        },
        "write: parley::Task on_message(parley::Turn turn), and make it public");

  public:
    static constexpr parley_plugin table() {
        return {sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, &count, &desc, &create};
    }

  private:
    static std::uint32_t count() noexcept { return 1; }

    static const parley_desc* desc(std::uint32_t index) noexcept { return index == 0 ? D : nullptr; }

    static parley_status create(const char* id, const parley_host* host, parley_str config_json,
                                parley_agent* out, char* err, std::size_t cap) noexcept {
        if (std::string_view(id) != D->id) {
            copy_error("this library holds another agent", err, cap);
            return PARLEY_INVALID;
        }
        if (!PARLEY_HAS(host, random) || !PARLEY_HAS(out, destroy)) {
            copy_error("the host is older than contract 1.0", err, cap);
            return PARLEY_UNSUPPORTED;
        }
        return guarded(err, cap, [&] {
            auto agent = make(*host, Config(view(config_json)));
            Callbacks<A>::publish(agent.release(), *out);
        });
    }

    static std::unique_ptr<A> make(const parley_host& host, const Config& config) {
        std::unique_ptr<A> agent;
        if constexpr (std::constructible_from<A, const Config&>) {
            agent = std::make_unique<A>(config);
        } else {
            agent = std::make_unique<A>();
        }
        Callbacks<A>::attach(*agent, host);
        agent->configure(config);
        return agent;
    }
};

}  // namespace parley

// PARLEY_PLUGIN(Hello, "com.example.hello", "1.0.0", "Greets and counts")
//
// Once in a library, at namespace scope outside of any namespace, with string literals. Uses http, timers, media
// and follow-ups when the host offers them; takes any configuration; its calls are serial.
#define PARLEY_PLUGIN(Class, id, version, summary)                                                           \
    PARLEY_PLUGIN_MANIFEST(                                                                                  \
        Class, id, version, summary,                                                                         \
        "\"requires\":[],\"optional\":[\"" PARLEY_EXT_HTTP "\",\"" PARLEY_EXT_TIMER "\",\"" PARLEY_EXT_MEDIA \
        "\",\"" PARLEY_EXT_FOLLOWUP                                                                          \
        "\"],\"features\":[],\"concurrency\":\"instance\",\"config_schema\":{\"type\":\"object\"}")

// The same with the rest of the manifest as JSON members, without the braces around them:
//
//   PARLEY_PLUGIN_MANIFEST(Hello, "com.example.hello", "1.0.0", "Greets and counts", R"(
//     "requires": ["parley.http/1"], "optional": [], "features": ["blocking"], "concurrency": "conversation",
//     "config_schema": {"type": "object", "properties": {"greeting": {"type": "string"}}}
//   )")
#define PARLEY_PLUGIN_MANIFEST(Class, id, version, summary, members)                                         \
    PARLEY_MANIFEST(PARLEY_SDK_MANIFEST(id, version, summary, members));                                     \
    static_assert(parley::detail::JsonCheck(PARLEY_SDK_MANIFEST(id, version, summary, members)).is_object(), \
                  "the manifest is not one JSON object: look for a quote, comma or brace in its texts");     \
    static constexpr parley_desc parley_plugin_desc = {sizeof(parley_desc), id, version, summary};           \
    constinit const parley_plugin parley_plugin_v1 = parley::PluginTable<Class, &parley_plugin_desc>::table();
