// A reply with a button that opens a web page.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/media_reply.hpp>
#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::LinkReply("The form takes two minutes.", "Open the form", "https://…"))
class LinkReply {
  public:
    LinkReply(std::string body, std::string button, std::string url)
        : parts_(std::move(body), 1024), button_(std::move(button)), url_(std::move(url)) {
        detail::check_line("button", button_, 20);
        detail::check_text("url", url_, 2000);
    }
    LinkReply& header(std::string text) { return parts_.set_header(std::move(text)), *this; }
    LinkReply& header_image(const Media& image) {
        return parts_.set_header_media("image", image.member()), *this;
    }
    LinkReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    LinkReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        std::string parameters;
        detail::append_member(parameters, "display_text", button_);
        detail::append_member(parameters, "url", url_);
        return parts_.json("cta_url", R"("name":"cta_url","parameters":{)" + parameters + '}');
    }

  private:
    detail::InteractiveParts parts_;
    std::string button_, url_;
};

}  // namespace parley
