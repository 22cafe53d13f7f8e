// The C++20 SDK for agents: header-only, and without a JSON library. docs/writing-a-plugin.md is its guide.
//
//   struct Hello : parley::Agent<Hello> {
//       parley::Task on_message(parley::Turn turn) {
//           turn.reply("You said: " + turn.text);
//           co_return;
//       }
//   };
//   PARLEY_PLUGIN(Hello, "com.example.hello", "1.0.0", "Says what you said")
//
// With <parley/sdk/json.hpp>: turn.state() and turn.state(document). With <parley/sdk/settings.hpp>: the
// configuration.
#pragma once

#include <parley/sdk/agent.hpp>
#include <parley/sdk/plugin.hpp>
#include <parley/sdk/reply.hpp>
#include <parley/sdk/subtask.hpp>
#include <parley/sdk/task.hpp>
#include <parley/sdk/turn.hpp>
