// Reads and writes the compact model and computes class probabilities.
#include "understanding/model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

namespace edge {
namespace {

constexpr std::uint32_t magic = 0x31474445;  // "EDG1"
constexpr std::size_t most_classes = 32;
constexpr std::uint32_t no_row = 0xffffffff;

struct Header {
    std::uint32_t magic = 0;
    std::uint32_t classes = 0;
    std::uint32_t rows = 0;
    float temperature = 1;
};

template <typename T>
void append(std::string& out, const T* values, std::size_t count) {
    out.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}

}  // namespace

std::optional<LinearModel> LinearModel::open(std::string_view bytes, std::size_t classes) {
    Header header;
    if (bytes.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof header);
    if (classes == 0 || classes > most_classes) return std::nullopt;
    const std::size_t rows = header.rows;
    const std::size_t expected =
        sizeof header + classes * sizeof(float) + rows * sizeof(ModelRow) + rows * classes;
    if (header.magic != magic || header.classes != classes || bytes.size() != expected || rows > (1u << 24))
        return std::nullopt;
    LinearModel model;
    model.classes_ = classes;
    model.temperature_ = header.temperature;
    const char* at = bytes.data() + sizeof header;
    model.bias_.resize(classes);
    std::memcpy(model.bias_.data(), at, classes * sizeof(float));
    at += classes * sizeof(float);
    const char* weights = at + rows * sizeof(ModelRow);
    std::uint32_t size = 16;
    while (size < 2 * rows) size *= 2;
    model.mask_ = size - 1;
    model.slots_.assign(size, {0, no_row});
    model.rows_.resize(rows);
    for (std::uint32_t row = 0; row < header.rows; ++row) {
        ModelRow stored;
        std::memcpy(&stored, at + row * sizeof stored, sizeof stored);
        model.rows_[row].idf = stored.idf;
        model.rows_[row].scale = stored.scale;
        std::memcpy(model.rows_[row].weights.data(), weights + row * classes, classes);
        std::uint32_t slot = stored.key & model.mask_;
        while (model.slots_[slot].row != no_row) slot = (slot + 1) & model.mask_;
        model.slots_[slot] = {stored.key, row};
    }
    return model;
}

const LinearModel::Row* LinearModel::find(std::uint32_t key) const {
    for (std::uint32_t slot = key & mask_;; slot = (slot + 1) & mask_) {
        if (slots_[slot].row == no_row) return nullptr;
        if (slots_[slot].key == key) return &rows_[slots_[slot].row];
    }
}

void LinearModel::classify(const std::vector<Feature>& features, std::vector<float>& probabilities) const {
    // Looking all rows up first lets their visits to memory overlap, which are most of the time a message
    // takes.
    std::vector<std::pair<const Row*, float>> known;
    known.reserve(features.size());
    for (const Feature& feature : features) {
        const Row* row = find(feature.key);
        if (!row) continue;
        __builtin_prefetch(row);
        known.emplace_back(row, feature.weight);
    }
    std::array<float, most_classes> sums{};
    float norm = 0;
    for (const auto& [row, weight] : known) {
        const float value = weight * row->idf;
        norm += value * value;
        const float scaled = value * row->scale;
        for (std::size_t c = 0; c < most_classes; ++c)
            sums[c] += scaled * static_cast<float>(row->weights[c]);
    }
    const float shrink = norm > 0 ? 1.0f / std::sqrt(norm) : 0.0f;
    probabilities.resize(classes_);
    float largest = -1e30f;
    for (std::size_t c = 0; c < classes_; ++c) {
        probabilities[c] = (bias_[c] + sums[c] * shrink) / temperature_;
        largest = std::max(largest, probabilities[c]);
    }
    float total = 0;
    for (float& p : probabilities) total += p = std::exp(p - largest);
    for (float& p : probabilities) p /= total;
}

std::string TrainedModel::write() const {
    const Header header{magic, static_cast<std::uint32_t>(classes), static_cast<std::uint32_t>(keys.size()),
                        temperature};
    std::string out;
    append(out, &header, 1);
    append(out, bias.data(), classes);
    std::string packed;
    for (std::size_t row = 0; row < keys.size(); ++row) {
        const float* from = weights.data() + row * classes;
        float largest = 1e-12f;
        for (std::size_t c = 0; c < classes; ++c) largest = std::max(largest, std::fabs(from[c]));
        const ModelRow stored{keys[row], idf[row], largest / 127.0f};
        append(out, &stored, 1);
        for (std::size_t c = 0; c < classes; ++c)
            packed += static_cast<char>(static_cast<std::int8_t>(std::lround(from[c] / stored.scale)));
    }
    return out + packed;
}

}  // namespace edge
