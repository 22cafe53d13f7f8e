// What WhatsApp takes as media: types and sizes by kind of message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::sim {

bool is_media_kind(std::string_view kind);  // image, video, audio, document, sticker

// The bytes that a message of this kind may carry of that type (its parameters, as in "audio/ogg; codecs=opus", do
// not matter); 0: the type is not one of the kind's. Documents received from users may be of any type.
std::size_t most_bytes(std::string_view kind, std::string_view mime_type);

// Of the kind that allows most; 0: no kind takes the type.
std::size_t most_bytes(std::string_view mime_type);

// A file that a user of that kind might send, when a test gives none. Tiny and the same every time.
struct SampleMedia {
    std::string mime_type;
    std::string bytes;
};
SampleMedia sample_media(std::string_view kind);

}  // namespace parley::sim
