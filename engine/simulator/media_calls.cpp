// Media calls.
#include "simulator/media_calls.hpp"

#include "base/base64.hpp"
#include "simulator/media_rules.hpp"
#include "simulator/multipart.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t max_user_file = 100U << 20;

std::string_view bytes_of(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

MediaFile make_file(std::string mime_type, std::string filename, std::string bytes) {
    MediaFile file;
    file.mime_type = std::move(mime_type);
    file.filename = std::move(filename);
    file.sha256 = sha256(bytes);
    file.bytes = std::make_shared<const std::string>(std::move(bytes));
    return file;
}

}  // namespace

std::variant<MediaFile, GraphError> read_upload(const GraphCall& call) {
    const auto form = read_form(call.content_type, call.body);
    if (!form) return parameter_error("The request body is not multipart/form-data.");
    const FormPart* product = find_part(*form, "messaging_product");
    if (!product || product->bytes != "whatsapp")
        return parameter_error("The parameter messaging_product is required.");
    const FormPart* file = find_part(*form, "file");
    if (!file) return parameter_error("The parameter file is required.");
    const FormPart* type = find_part(*form, "type");
    const std::string mime_type =
        file->content_type.empty() && type ? std::string(type->bytes) : file->content_type;
    const std::size_t most = most_bytes(mime_type);
    if (most == 0) {
        return parameter_error(
            "Param file must be a file with one of the supported types. Received file of type '" + mime_type +
            "'.");
    }
    if (file->bytes.empty()) return graph_error(131053, "The file is empty.");
    if (file->bytes.size() > most) {
        return graph_error(131053, "The file is too large: " + std::to_string(file->bytes.size()) +
                                       " bytes of " + std::to_string(most) + " for " + mime_type + ".");
    }
    return make_file(mime_type, file->filename, std::string(file->bytes));
}

Json describe_media(const MediaFile& file, const std::string& url) {
    return {{"url", url},
            {"mime_type", file.mime_type},
            {"sha256", to_hex(file.sha256)},
            {"file_size", file.bytes->size()},
            {"id", file.id},
            {"messaging_product", "whatsapp"}};
}

Result<MediaFile> take_user_media(Json& message) {
    const std::string kind = text_of(message, "type");
    Json& media = message[kind];
    if (media.is_null()) media = Json::object();
    if (!media.is_object()) return Error(Errc::invalid_input, kind + ": expected an object");
    SampleMedia sample = sample_media(kind);
    const std::string mime_type = text_of(media, "mime_type", sample.mime_type);
    std::string bytes = std::move(sample.bytes);
    if (const Json* data = member(media, "data")) {
        auto decoded = data->is_string() ? from_base64(data->get_ref<const std::string&>()) : std::nullopt;
        if (!decoded || decoded->empty() || decoded->size() > max_user_file)
            return Error(Errc::invalid_input, kind + ".data: expected base64 of 1 byte to 100 MiB");
        bytes = std::move(*decoded);
    }
    media.erase("data");
    return make_file(mime_type, text_of(media, "filename"), std::move(bytes));
}

void fill_user_media(Json& message, const MediaFile& file, const std::string& url) {
    const std::string kind = text_of(message, "type");
    Json& media = message[kind];
    media["mime_type"] = file.mime_type;
    media["sha256"] = to_base64(bytes_of(file.sha256));
    media["id"] = file.id;
    if (!url.empty()) media["url"] = url;
    if (kind == "audio" && !member(media, "voice")) media["voice"] = true;
    if (kind == "sticker" && !member(media, "animated")) media["animated"] = false;
}

std::string sent_media_id(const Json& body) {
    const std::string kind = text_of(body, "type");
    const Json* media = is_media_kind(kind) ? member(body, kind) : nullptr;
    return media ? text_of(*media, "id") : "";
}

Complaint check_sent_media(const Json& body, const MediaFile& file) {
    const std::string kind = text_of(body, "type");
    const std::size_t most = most_bytes(kind, file.mime_type);
    if (most == 0) return graph_error(131053, "Unsupported " + kind + " type " + file.mime_type + ".");
    if (file.bytes->size() > most)
        return graph_error(131053, "The file is too large to be sent as " + kind + ".");
    return {};
}

}  // namespace parley::sim
