// Waits for what a call answers by its completion.
#pragma once

#include <future>
#include <memory>

namespace parley {

// `start` gets the completion. Blocks; never on the thread that answers.
template <class Answer, class Start>
Answer wait_for_answer(Start start) {
    auto answer = std::make_shared<std::promise<Answer>>();
    auto given = answer->get_future();
    start([answer](Answer one) { answer->set_value(std::move(one)); });
    return given.get();
}

}  // namespace parley
