#include "admin/console_page.hpp"

#include <algorithm>

namespace parley {
namespace {

std::string_view content_type_of(std::string_view path) {
    if (path.ends_with(".html")) return "text/html; charset=utf-8";
    if (path.ends_with(".css")) return "text/css; charset=utf-8";
    if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (path.ends_with(".svg")) return "image/svg+xml";
    return "application/octet-stream";
}

HttpResponse page_response(const EmbeddedFile& file) {
    // Vite puts a hash of their content into the names of assets; those never change.
    const bool is_asset = file.path.starts_with("assets/");
    HttpResponse response{200, std::string(content_type_of(file.path)), std::string(file.bytes), {}, false};
    response.headers = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", is_asset ? "public, max-age=31536000, immutable" : "no-store"}};
    return response;
}

HttpResponse answer(std::span<const EmbeddedFile> files, std::string_view path) {
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& one) { return one.path == path; });
    if (file != files.end()) return page_response(*file);
    return problem(404, "Not Found",
                   files.empty()
                       ? "This program was built without the console; build it with -DPARLEY_CONSOLE=ON."
                       : "The console has no such file.");
}

}  // namespace

void add_console_routes(Router& router, std::span<const EmbeddedFile> files) {
    const auto serve = [&](std::string_view pattern, std::string_view name) {
        router.add("GET", pattern,
                   [files, name](const HttpRequest&, const PathArguments&, Responder respond) {
                       respond(answer(files, name));
                   });
    };
    serve("/console", "index.html");
    serve("/docs", "docs.html");
    router.add("GET", "/console/{file...}",
               [files](const HttpRequest&, const PathArguments& path, Responder respond) {
                   respond(answer(files, path.at(0).empty() ? "index.html" : path.at(0)));
               });
}

}  // namespace parley
