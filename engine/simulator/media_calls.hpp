// Media in Graph's words: an upload's form, a file's facts, what a user sends.
#pragma once

#include <string>
#include <variant>

#include "base/result.hpp"
#include "simulator/field_check.hpp"
#include "simulator/graph_call.hpp"
#include "simulator/media_shelf.hpp"

namespace parley::sim {

// The file of POST /{phone_number_id}/media without its id and time, hashed; or why Graph refuses it.
std::variant<MediaFile, GraphError> read_upload(const GraphCall& call);

// The answer of GET /{media_id}.
Json describe_media(const MediaFile& file, const std::string& url);

// The file that a user's native message carries in "data" (base64) with "mime_type", else a sample of its kind.
// Takes "data" out of the message.
Result<MediaFile> take_user_media(Json& message);

// The media object of a webhook gets what Meta puts there: id, sha256 as base64, mime_type and, unless it is empty,
// the url.
void fill_user_media(Json& message, const MediaFile& file, const std::string& url);

// The media id that a send names; empty: none.
std::string sent_media_id(const Json& body);

// Why a file cannot be sent as a message of this type.
Complaint check_sent_media(const Json& body, const MediaFile& file);

}  // namespace parley::sim
