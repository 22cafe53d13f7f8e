// Products of the business' catalogue.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// One product. The body may be empty.
class ProductReply {
  public:
    ProductReply(std::string catalog_id, std::string product_id, std::string body = {})
        : parts_(detail::InteractiveParts::with_optional_body(std::move(body), 1024)),
          catalog_id_(std::move(catalog_id)),
          product_id_(std::move(product_id)) {
        detail::check_text("catalog id", catalog_id_, 512);
        detail::check_text("product id", product_id_, 512);
    }
    ProductReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    ProductReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        std::string action;
        detail::append_member(action, "catalog_id", catalog_id_);
        detail::append_member(action, "product_retailer_id", product_id_);
        return parts_.json("product", action);
    }

  private:
    detail::InteractiveParts parts_;
    std::string catalog_id_, product_id_;
};

// turn.reply(parley::ProductListReply("Cards", "Which one?", "4000…").section("Zero fee").product("sku-1"))
class ProductListReply {
  public:
    ProductListReply(std::string header, std::string body, std::string catalog_id)
        : parts_(std::move(body), 1024), catalog_id_(std::move(catalog_id)) {
        parts_.set_header(std::move(header));
        detail::check_text("catalog id", catalog_id_, 512);
    }
    // 1 to 10; the products that follow belong to it.
    ProductListReply& section(std::string title) {
        detail::check_text("section title", title, 24);
        if (sections_.size() == 10) throw ReplyError("sections: WhatsApp takes 10");
        sections_.push_back({std::move(title), {}});
        return *this;
    }
    // 1 to 30 in all sections together.
    ProductListReply& product(const std::string& id) {
        detail::check_text("product id", id, 512);
        if (sections_.empty()) throw ReplyError("section: must come before its products");
        if (count_ == 30) throw ReplyError("products: WhatsApp takes 30 in all sections together");
        std::string& items = sections_.back().items;
        items += (items.empty() ? R"({"product_retailer_id":)" : R"(,{"product_retailer_id":)") +
                 json_string(id) + '}';
        ++count_;
        return *this;
    }
    ProductListReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    ProductListReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        if (sections_.empty()) throw ReplyError("products: at least one is needed");
        std::string action;
        detail::append_member(action, "catalog_id", catalog_id_);
        action += R"(,"sections":[)";
        for (const Section& section : sections_) {
            if (section.items.empty()) throw ReplyError("section \"" + section.title + "\": has no products");
            action += action.back() == '[' ? R"({"title":)" : R"(,{"title":)";
            action += json_string(section.title) + R"(,"product_items":[)" + section.items + "]}";
        }
        return parts_.json("product_list", action + ']');
    }

  private:
    struct Section {
        std::string title;
        std::string items;  // JSON, without the brackets
    };

    detail::InteractiveParts parts_;
    std::string catalog_id_;
    std::vector<Section> sections_;
    std::size_t count_ = 0;
};

}  // namespace parley
