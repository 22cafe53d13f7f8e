#include "whatsapp/webhook_meters.hpp"

#include <charconv>

namespace parley {
namespace {

constexpr std::array<const char*, ItemCounts::fates> fate_names{"accepted", "duplicate", "unrouted",
                                                                "refused", "expired"};
constexpr std::array<const char*, ItemCounts::kinds> kind_names{"message", "status", "error", "change"};
constexpr std::array<const char*, 6> ending_names{"ok",      "trial",   "bad_signature",
                                                  "invalid", "refused", "unavailable"};

const std::vector<double> ack_buckets{0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};

void append(std::string& out, std::string_view name, std::uint32_t value) {
    char digits[10];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(name).append(digits, end);
}

}  // namespace

std::uint32_t ItemCounts::of(ItemFate fate) const {
    std::uint32_t sum = 0;
    for (const auto& kind : table_) sum += kind[static_cast<std::size_t>(fate)];
    return sum;
}

std::string ItemCounts::json() const {
    std::string out;
    out.reserve(112);
    append(out, R"({"status":"ok","accepted":)", of(ItemFate::accepted) + of(ItemFate::expired));
    append(out, R"(,"duplicates":)", of(ItemFate::duplicate));
    append(out, R"(,"unrouted":)", of(ItemFate::unrouted));
    append(out, R"(,"refused":)", of(ItemFate::refused));
    return out += '}';
}

WebhookMeters::WebhookMeters(Metrics& metrics)
    : ack_(metrics.histogram("parley_webhook_ack_seconds", "From a webhook's arrival to its 200",
                             ack_buckets)) {
    for (std::size_t i = 0; i < posts_.size(); ++i) {
        posts_[i] = &metrics.counter("parley_webhook_posts_total", "Webhook POSTs by how they ended",
                                     {{"result", ending_names[i]}});
    }
    for (std::size_t kind = 0; kind < items_.size(); ++kind) {
        for (std::size_t fate = 0; fate < items_[kind].size(); ++fate) {
            items_[kind][fate] =
                &metrics.counter("parley_webhook_items_total", "Items of webhooks by what became of them",
                                 {{"kind", kind_names[kind]}, {"result", fate_names[fate]}});
        }
    }
}

void WebhookMeters::count(const ItemCounts& counts) {
    for (std::size_t kind = 0; kind < items_.size(); ++kind) {
        for (std::size_t fate = 0; fate < items_[kind].size(); ++fate) {
            if (const auto n = counts.table_[kind][fate]) items_[kind][fate]->add(n);
        }
    }
}

}  // namespace parley
