// Reads and writes the compact model and computes class probabilities.
#include "understanding/model.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace edge {
namespace {

constexpr std::uint32_t magic = 0x31474445;  // "EDG1"
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
    model.rows_.resize(rows);
    if (rows > 0) std::memcpy(model.rows_.data(), at, rows * sizeof(ModelRow));
    model.weights_ = reinterpret_cast<const std::int8_t*>(at + rows * sizeof(ModelRow));
    std::uint32_t size = 16;
    while (size < 2 * rows) size *= 2;
    model.mask_ = size - 1;
    model.slots_.assign(size, no_row);
    for (std::uint32_t row = 0; row < header.rows; ++row) {
        std::uint32_t slot = model.rows_[row].key & model.mask_;
        while (model.slots_[slot] != no_row) slot = (slot + 1) & model.mask_;
        model.slots_[slot] = row;
    }
    return model;
}

std::uint32_t LinearModel::find(std::uint32_t key) const {
    for (std::uint32_t slot = key & mask_;; slot = (slot + 1) & mask_) {
        const std::uint32_t row = slots_[slot];
        if (row == no_row || rows_[row].key == key) return row;
    }
}

void LinearModel::classify(const std::vector<Feature>& features, std::vector<float>& probabilities) const {
    std::vector<float> sums(classes_, 0.0f);
    float norm = 0;
    for (const Feature& feature : features) {
        const std::uint32_t row = find(feature.key);
        if (row == no_row) continue;
        const float value = feature.weight * rows_[row].idf;
        norm += value * value;
        const float scaled = value * rows_[row].scale;
        const std::int8_t* weights = weights_ + static_cast<std::size_t>(row) * classes_;
        for (std::size_t c = 0; c < classes_; ++c) sums[c] += scaled * static_cast<float>(weights[c]);
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
