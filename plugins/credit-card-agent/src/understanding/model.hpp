// A linear classifier over hashed features, in a compact file: eight-bit weights, one scale a feature.
//
// Promise   Reading checks every size; a damaged file is refused. The bytes given to open() must outlive the
// model. Threads   Const objects are shared freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "understanding/features.hpp"

namespace edge {

// One feature's row as stored; `weights` has one entry a class, padded to the file's width.
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
    std::uint32_t find(std::uint32_t key) const;

    std::size_t classes_ = 0;
    float temperature_ = 1;
    std::vector<float> bias_;
    std::vector<ModelRow> rows_;
    const std::int8_t* weights_ = nullptr;
    std::vector<std::uint32_t> slots_;
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
