// Cards side by side, each with a picture and a button that opens a web page.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/media_reply.hpp>
#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::CarouselReply("Our cards").card(parley::Media::by_id("1"), "Edge+", "Open", "https://…")…)
class CarouselReply {
  public:
    explicit CarouselReply(std::string body) : parts_(std::move(body), 1024) {}

    // 2 to 10; text up to 160 characters, button up to 20.
    CarouselReply& card(const Media& image, const std::string& text, const std::string& button,
                        const std::string& url) {
        detail::check_text("card text", text, 160);
        detail::check_line("card button", button, 20);
        detail::check_text("card url", url, 2000);
        if (count_ == 10) throw ReplyError("cards: WhatsApp takes 10");
        if (count_ > 0) cards_ += ',';
        cards_ += R"({"card_index":)" + std::to_string(count_++) +
                  R"(,"type":"cta_url","header":{"type":"image","image":{)" + image.member() +
                  R"(}},"body":{"text":)" + json_string(text) +
                  R"(},"action":{"name":"cta_url","parameters":{"display_text":)" + json_string(button) +
                  R"(,"url":)" + json_string(url) + "}}}";
        return *this;
    }
    CarouselReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        if (count_ < 2) throw ReplyError("cards: at least two are needed");
        return parts_.json("carousel", R"("cards":[)" + cards_ + ']');
    }

  private:
    detail::InteractiveParts parts_;
    std::string cards_;
    std::size_t count_ = 0;
};

}  // namespace parley
