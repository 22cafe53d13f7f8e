// A reply with a button that opens a WhatsApp Flow.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::FlowReply("Your address, please.", "Enter it", "6600…").token("order-42").screen("ADDRESS"))
class FlowReply {
  public:
    // `button` up to 30 characters, without emoji; the flow's id.
    FlowReply(std::string body, std::string button, std::string flow_id)
        : parts_(std::move(body), 1024), button_(std::move(button)), flow_id_(std::move(flow_id)) {
        detail::check_line("button", button_, 30);
        detail::check_text("flow id", flow_id_, 64);
    }
    // Comes back with the answer, in nfm_reply.
    FlowReply& token(std::string text) {
        detail::check_text("token", text, 512);
        token_ = std::move(text);
        return *this;
    }
    // The first screen, and its data as a JSON object that is not empty; without a screen the flow's endpoint is asked.
    FlowReply& screen(std::string name, std::string data_json = {}) {
        detail::check_text("screen", name, 512);
        screen_ = std::move(name);
        data_json_ = std::move(data_json);
        return *this;
    }
    FlowReply& draft() {  // a flow that is not published yet
        is_draft_ = true;
        return *this;
    }
    FlowReply& header(std::string text) { return parts_.set_header(std::move(text)), *this; }
    FlowReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    FlowReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        std::string parameters;
        detail::append_member(parameters, "flow_message_version", "3");
        detail::append_member(parameters, "flow_id", flow_id_);
        detail::append_member(parameters, "flow_cta", button_);
        if (!token_.empty()) detail::append_member(parameters, "flow_token", token_);
        if (is_draft_) detail::append_member(parameters, "mode", "draft");
        detail::append_member(parameters, "flow_action", screen_.empty() ? "data_exchange" : "navigate");
        if (!screen_.empty()) {
            parameters += R"(,"flow_action_payload":{"screen":)" + json_string(screen_);
            if (!data_json_.empty()) parameters += R"(,"data":)" + data_json_;
            parameters += '}';
        }
        return parts_.json("flow", R"("name":"flow","parameters":{)" + parameters + '}');
    }

  private:
    detail::InteractiveParts parts_;
    std::string button_, flow_id_, token_, screen_, data_json_;
    bool is_draft_ = false;
};

}  // namespace parley
