// Meta's table of supported media.
#include "simulator/media_rules.hpp"

#include <algorithm>
#include <iterator>

#include "base/base64.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t kilobyte = 1024;
constexpr std::size_t megabyte = 1024 * kilobyte;

struct Rule {
    std::string_view kind, mime_type;
    std::size_t most;
};

constexpr Rule rules[] = {
    {"audio", "audio/aac", 16 * megabyte},
    {"audio", "audio/amr", 16 * megabyte},
    {"audio", "audio/mpeg", 16 * megabyte},
    {"audio", "audio/mp4", 16 * megabyte},
    {"audio", "audio/ogg", 16 * megabyte},
    {"document", "text/plain", 100 * megabyte},
    {"document", "application/pdf", 100 * megabyte},
    {"document", "application/msword", 100 * megabyte},
    {"document", "application/vnd.ms-excel", 100 * megabyte},
    {"document", "application/vnd.ms-powerpoint", 100 * megabyte},
    {"document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 100 * megabyte},
    {"document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 100 * megabyte},
    {"document", "application/vnd.openxmlformats-officedocument.presentationml.presentation", 100 * megabyte},
    {"image", "image/jpeg", 5 * megabyte},
    {"image", "image/png", 5 * megabyte},
    {"sticker", "image/webp", 500 * kilobyte},
    {"video", "video/mp4", 16 * megabyte},
    {"video", "video/3gpp", 16 * megabyte},
};

// One transparent pixel.
constexpr std::string_view pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

}  // namespace

bool is_media_kind(std::string_view kind) {
    return std::any_of(std::begin(rules), std::end(rules),
                       [&](const Rule& rule) { return rule.kind == kind; });
}

std::size_t most_bytes(std::string_view kind, std::string_view mime_type) {
    std::string_view plain = mime_type.substr(0, mime_type.find(';'));
    while (plain.ends_with(' ')) plain.remove_suffix(1);
    std::size_t most = 0;
    for (const Rule& rule : rules)
        if ((kind.empty() || rule.kind == kind) && rule.mime_type == plain) most = std::max(most, rule.most);
    return most;
}

std::size_t most_bytes(std::string_view mime_type) {
    return most_bytes("", mime_type);
}

SampleMedia sample_media(std::string_view kind) {
    if (kind == "image") return {"image/png", *from_base64(pixel)};
    if (kind == "document") return {"application/pdf", "%PDF-1.4\n% a document of the simulator\n%%EOF\n"};
    if (kind == "audio") return {"audio/ogg; codecs=opus", "OggS: a voice message of the simulator"};
    if (kind == "sticker") return {"image/webp", "RIFF: a sticker of the simulator"};
    return {"video/mp4", "ftyp: a video of the simulator"};
}

}  // namespace parley::sim
