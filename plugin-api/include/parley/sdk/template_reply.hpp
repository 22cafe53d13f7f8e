// An approved template: the only message that WhatsApp takes 24 hours after the user's last one.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/media_reply.hpp>
#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::TemplateReply("card_ready", "en_US").body("Asha").body("42").url_button(0, "track/42"))
class TemplateReply {
  public:
    TemplateReply(std::string name, std::string language)
        : name_(std::move(name)), language_(std::move(language)) {
        detail::check_line("template name", name_, 512);
        detail::check_line("language", language_, 32);
    }

    // {{1}}, {{2}} … of the body in their order, or one by its name.
    TemplateReply& body(const std::string& text) { return add(body_, text_parameter({}, text)); }
    TemplateReply& body(const std::string& parameter, const std::string& text) {
        return add(body_, text_parameter(parameter, text));
    }
    TemplateReply& header(const std::string& text) { return add(header_, text_parameter({}, text)); }
    TemplateReply& header_image(const Media& file) { return header_media("image", file); }
    TemplateReply& header_video(const Media& file) { return header_media("video", file); }
    TemplateReply& header_document(const Media& file) { return header_media("document", file); }

    // Of the button at `index` of the template, counted from 0.
    TemplateReply& quick_reply(unsigned index, const std::string& payload) {
        return button("quick_reply", index, R"({"type":"payload","payload":)" + json_string(payload) + '}');
    }
    TemplateReply& url_button(unsigned index, const std::string& suffix) {
        return button("url", index, text_parameter({}, suffix));
    }
    TemplateReply& copy_code(unsigned index, const std::string& code) {
        detail::check_line("code", code, 20);
        return button("copy_code", index,
                      R"({"type":"coupon_code","coupon_code":)" + json_string(code) + '}');
    }
    TemplateReply& flow_button(unsigned index, const std::string& token) {
        return button("flow", index,
                      R"({"type":"action","action":{"flow_token":)" + json_string(token) + "}}");
    }

    std::string json() const {
        std::string components;
        append(components, R"("type":"header")", header_);
        append(components, R"("type":"body")", body_);
        if (!buttons_.empty()) components += (components.empty() ? "" : ",") + buttons_;
        std::string content;
        detail::append_member(content, "name", name_);
        content += R"(,"language":{"code":)" + json_string(language_) + '}';
        if (!components.empty()) content += R"(,"components":[)" + components + ']';
        return detail::native("template", '{' + content + '}', {});
    }

  private:
    static std::string text_parameter(const std::string& name, const std::string& text) {
        detail::check_text("parameter", text, 1024);
        std::string out = R"({"type":"text")";
        if (!name.empty()) detail::append_member(out, "parameter_name", name);
        detail::append_member(out, "text", text);
        return out + '}';
    }
    TemplateReply& add(std::string& parameters, const std::string& one) {
        parameters += (parameters.empty() ? "" : ",") + one;
        return *this;
    }
    TemplateReply& header_media(const std::string& type, const Media& file) {
        return add(header_, R"({"type":")" + type + R"(",")" + type + "\":{" + file.member() + "}}");
    }
    TemplateReply& button(const char* kind, unsigned index, const std::string& parameter) {
        append(buttons_,
               std::string(R"("type":"button","sub_type":")") + kind + R"(","index":")" +
                   std::to_string(index) + '"',
               parameter);
        return *this;
    }
    static void append(std::string& components, const std::string& what, const std::string& parameters) {
        if (parameters.empty()) return;
        if (!components.empty()) components += ',';
        components += '{' + what + R"(,"parameters":[)" + parameters + "]}";
    }

    std::string name_, language_;
    std::string header_, body_;  // their parameters, JSON without the brackets
    std::string buttons_;        // components, JSON without the brackets
};

}  // namespace parley
