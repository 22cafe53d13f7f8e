#include "admin/console_page.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "admin/api_document.hpp"
#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

constexpr std::array<EmbeddedFile, 4> files{{{"index.html", "<p>console</p>"},
                                             {"docs.html", "<p>docs</p>"},
                                             {"assets/index-aB3.js", "start()"},
                                             {"assets/index-cD4.css", "p{}"}}};

HttpResponse ask(std::span<const EmbeddedFile> from, const std::string& path) {
    Router router;
    add_console_routes(router, from);
    FakeRequest request;
    request.verb = "GET";
    request.where = path;
    FakeExchange exchange;
    router.handle(request, exchange.responder());
    return exchange.answer();
}

std::string header(const HttpResponse& response, std::string_view name) {
    const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                    [&](const auto& one) { return one.first == name; });
    return found == response.headers.end() ? "" : found->second;
}

TEST(ConsolePage, is_served_with_and_without_a_slash) {
    for (const char* path : {"/console", "/console/"}) {
        const HttpResponse page = ask(files, path);
        EXPECT_EQ(page.status, 200) << path;
        EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
        EXPECT_EQ(page.body, "<p>console</p>");
    }
    EXPECT_EQ(ask(files, "/docs").body, "<p>docs</p>");
}

TEST(ConsolePage, allows_no_script_or_style_but_its_own_files) {
    for (const char* path : {"/console", "/docs", "/console/assets/index-aB3.js"}) {
        const HttpResponse page = ask(files, path);
        const std::string policy = header(page, "Content-Security-Policy");
        EXPECT_NE(policy.find("default-src 'none'"), policy.npos) << path;
        EXPECT_NE(policy.find("script-src 'self';"), policy.npos);
        EXPECT_NE(policy.find("style-src 'self';"), policy.npos);
        EXPECT_NE(policy.find("frame-ancestors 'none'"), policy.npos);
        EXPECT_EQ(policy.find("unsafe"), policy.npos);
        EXPECT_EQ(header(page, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
    }
}

TEST(ConsolePage, assets_are_kept_and_pages_are_not) {
    const HttpResponse script = ask(files, "/console/assets/index-aB3.js");
    EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(ask(files, "/console/assets/index-cD4.css").content_type, "text/css; charset=utf-8");
    EXPECT_EQ(header(ask(files, "/console"), "Cache-Control"), "no-store");
    EXPECT_EQ(header(ask(files, "/docs"), "Cache-Control"), "no-store");
}

TEST(ConsolePage, has_nothing_but_its_files) {
    for (const char* path : {"/console/assets/", "/console/assets/other.js", "/console/../docs.html",
                             "/console/%2e%2e/docs.html", "/console/index.html/"})
        EXPECT_EQ(ask(files, path).status, 404) << path;
}

TEST(ConsolePage, a_program_without_it_says_how_to_build_it) {
    for (const char* path : {"/console", "/console/", "/console/assets/index-aB3.js", "/docs"}) {
        const HttpResponse answer = ask({}, path);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_NE(answer.body.find("-DPARLEY_CONSOLE=ON"), std::string::npos) << answer.body;
    }
}

TEST(ConsolePage, what_was_built_in_refers_to_nothing_outside) {
    const auto built = console_files();
    if (built.empty()) GTEST_SKIP() << "built with -DPARLEY_CONSOLE=OFF";
    for (const EmbeddedFile& file : built) {
        if (!file.path.ends_with(".html")) continue;
        EXPECT_EQ(file.bytes.find("://"), file.bytes.npos) << file.path;
        EXPECT_EQ(file.bytes.find("<style"), file.bytes.npos) << file.path;
        EXPECT_EQ(file.bytes.find("<script>"), file.bytes.npos) << file.path;
        std::size_t assets = 0;
        for (auto at = file.bytes.find("/console/assets/"); at != file.bytes.npos;
             at = file.bytes.find("/console/assets/", at + 1), ++assets) {
            const auto end = file.bytes.find('"', at);
            const std::string path(file.bytes.substr(at, end - at));
            EXPECT_EQ(ask(built, path).status, 200) << path;
        }
        EXPECT_GE(assets, 2U) << file.path;
    }
    EXPECT_EQ(ask(built, "/console").status, 200);
    EXPECT_EQ(ask(built, "/docs").status, 200);
}

TEST(ApiDocument, is_served_as_json_to_anybody) {
    Router router;
    add_document_route(router);
    FakeRequest request;
    request.verb = "GET";
    request.where = "/openapi.json";
    FakeExchange exchange;
    router.handle(request, exchange.responder());
    const HttpResponse answer = exchange.answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "application/json");
    const auto document = nlohmann::json::parse(answer.body, nullptr, false);
    EXPECT_EQ(document.value("openapi", ""), "3.1.0");
    EXPECT_EQ(answer.body, api_document());
}

}  // namespace
}  // namespace parley
