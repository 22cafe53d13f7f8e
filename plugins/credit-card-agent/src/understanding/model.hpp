// A linear classifier over hashed features, in a compact file: eight-bit weights, one scale a feature.
//
// Promise   At most 32 classes. Reading checks every size; a damaged file is refused. The bytes given to
// open() must outlive the model. Threads   Const objects are shared freely.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "understanding/features.hpp"

namespace edge {

// One feature as stored, followed by its weights elsewhere in the file.
struct ModelRow {
    std::uint32_t key = 0;
    float idf =
        0;  // the feature's value is its weight in the message times this, then the vector is normalised
    float scale = 0;  // weight = scale * stored
};

class LinearModel {
  public:
    // Nothing when the bytes are not a model of `classes` classes.
    static std::optional<LinearModel> open(std::string_view bytes, std::size_t classes);

    // Probabilities by class, summing to one; after division of the scores by the calibrated temperature.
    void classify(const std::vector<Feature>& features, std::vector<float>& probabilities) const;

    std::size_t rows() const { return rows_.size(); }

  private:
    struct Slot {
        std::uint32_t key = 0;
        std::uint32_t row = 0;
    };
    // What a known feature needs, side by side: one visit to memory.
    struct Row {
        float idf = 0;
        float scale = 0;
        std::array<std::int8_t, 32> weights{};
    };

    const Row* find(std::uint32_t key) const;

    std::size_t classes_ = 0;
    float temperature_ = 1;
    std::vector<float> bias_;
    std::vector<Row> rows_;
    std::vector<Slot> slots_;
    std::uint32_t mask_ = 0;
};

// What training produces; write() gives the bytes that LinearModel reads.
struct TrainedModel {
    std::size_t classes = 0;
    float temperature = 1;
    std::vector<float> bias;
    std::vector<std::uint32_t> keys;
    std::vector<float> idf;
    std::vector<float> weights;  // keys.size() × classes

    std::string write() const;
};

}  // namespace edge
