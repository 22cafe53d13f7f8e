// Replies that carry a file: image, video, audio, document, sticker.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// A file at Meta, or one that Meta fetches.
class Media {
  public:
    static Media by_id(std::string id) { return Media("id", std::move(id)); }  // of an upload to this number
    static Media by_link(std::string url) {
        return Media("link", std::move(url));
    }  // https, reachable for Meta

    // "id":"…" or "link":"…".
    std::string member() const {
        std::string out;
        detail::append_member(out, key_, value_);
        return out;
    }

  private:
    Media(const char* key, std::string value) : key_(key), value_(std::move(value)) {
        detail::check_text(key_, value_, 2000);
    }
    const char* key_;
    std::string value_;
};

// turn.reply(parley::MediaReply::document(parley::Media::by_link("https://…/terms.pdf")).filename("Terms.pdf"))
class MediaReply {
  public:
    static MediaReply image(Media file) { return MediaReply("image", std::move(file)); }
    static MediaReply video(Media file) { return MediaReply("video", std::move(file)); }
    static MediaReply audio(Media file) { return MediaReply("audio", std::move(file)); }
    static MediaReply document(Media file) { return MediaReply("document", std::move(file)); }
    static MediaReply sticker(Media file) { return MediaReply("sticker", std::move(file)); }

    // Up to 1024 characters; not of audio and stickers.
    MediaReply& caption(std::string text) {
        if (type_ == "audio" || type_ == "sticker") throw ReplyError("caption: " + type_ + " takes none");
        detail::check_text("caption", text, 1024);
        caption_ = std::move(text);
        return *this;
    }
    // What the user sees; documents only.
    MediaReply& filename(std::string name) {
        if (type_ != "document") throw ReplyError("filename: " + type_ + " takes none");
        detail::check_line("filename", name, 255);
        filename_ = std::move(name);
        return *this;
    }
    // Shown as a voice message: OGG with Opus; audio only.
    MediaReply& voice() {
        if (type_ != "audio") throw ReplyError("voice: " + type_ + " cannot be one");
        is_voice_ = true;
        return *this;
    }
    MediaReply& quote(std::string wamid) {
        quoted_ = std::move(wamid);
        return *this;
    }

    std::string json() const {
        std::string content = file_.member();
        if (!caption_.empty()) detail::append_member(content, "caption", caption_);
        if (!filename_.empty()) detail::append_member(content, "filename", filename_);
        if (is_voice_) content += R"(,"voice":true)";
        return detail::native(type_, '{' + content + '}', quoted_);
    }

  private:
    MediaReply(std::string type, Media file) : type_(std::move(type)), file_(std::move(file)) {}

    std::string type_;
    Media file_;
    std::string caption_, filename_, quoted_;
    bool is_voice_ = false;
};

}  // namespace parley
