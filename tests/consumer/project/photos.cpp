// Fetches a photo and sends a file: what the guide quotes on media.
#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>

struct Photos : parley::Agent<Photos> {
    parley::Task on_message(parley::Turn turn) {
        const auto message = parley::Json::parse(turn.message_json).at("message");
        const auto photo = co_await turn.media(message.at("image").at("id").get<std::string>());
        if (!photo.ok()) {
            turn.log(photo.reason);
            turn.reply("I could not open your photo. Could you send it again?");
            co_return;
        }
        // photo.path, photo.mime_type, photo.sha256, photo.size

        const auto terms = co_await turn.upload_file("application/pdf", "/var/lib/shop/terms.pdf");
        if (terms.ok())
            turn.reply(parley::MediaReply::document(parley::Media::by_id(terms.id)).filename("Terms.pdf"));
    }
};

PARLEY_PLUGIN(Photos, "com.example.photos", "1.0.0", "Looks at photos")
