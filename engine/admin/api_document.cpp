#include "admin/api_document.hpp"

#include <span>

#include "base/embedded_file.hpp"

namespace parley {

std::span<const EmbeddedFile> api_document_files();

std::string_view api_document() {
    return api_document_files().front().bytes;
}

void add_document_route(Router& router) {
    router.add("GET", "/openapi.json", [](const HttpRequest&, const PathArguments&, Responder respond) {
        HttpResponse response = HttpResponse::json(200, std::string(api_document()));
        response.headers = {{"Cache-Control", "no-cache"},
                            {"X-Content-Type-Options", "nosniff"},
                            {"Access-Control-Allow-Origin", "*"}};
        respond(std::move(response));
    });
}

}  // namespace parley
