// An agent that tells what a file sent to it is, and sends a document to who asks for one.
#include <fstream>
#include <sstream>
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>

namespace {

class Archivist : public parley::Agent<Archivist> {
  public:
    parley::Task on_message(parley::Turn turn) {
        if (turn.type == "text") {
            const auto made = co_await turn.upload("application/pdf", "%PDF " + turn.text, "terms.pdf");
            if (!made.ok()) turn.reply("no upload: " + made.reason);
            if (made.ok())
                turn.reply(parley::MediaReply::document(parley::Media::by_id(made.id)).filename("Terms.pdf"));
            co_return;
        }
        const auto message = parley::Json::parse(turn.message_json).at("message");
        const auto file = co_await turn.media(message.at(turn.type).at("id").get<std::string>());
        if (!file.ok()) {
            turn.reply(std::string(parley::status_name(file.outcome)) + ": " + file.reason);
            co_return;
        }
        std::ostringstream content;
        content << std::ifstream(file.path, std::ios::binary).rdbuf();
        turn.reply(file.mime_type + ' ' + std::to_string(file.size) + ' ' + file.sha256 + ' ' +
                   content.str());
    }
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(Archivist, "archivist", "1.0.0", "Tells what a file is", R"(
  "requires": ["parley.media/1"], "optional": [], "features": [], "concurrency": "conversation"
)")
