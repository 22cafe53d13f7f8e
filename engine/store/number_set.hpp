// A set of rising numbers that costs about a bit a member while it is dense: which messages are still open.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <vector>

namespace parley {

class NumberSet {
  public:
    // True when `number` (>= 0) was not in the set.
    bool insert(std::int64_t number) {
        // Numbers rise, so the last chunk is nearly always the one.
        const auto chunk = chunks_.try_emplace(chunks_.end(), number / width);
        std::uint64_t& word = chunk->second.words[word_of(number)];
        if ((word & bit_of(number)) != 0) return false;
        word |= bit_of(number);
        ++chunk->second.count;
        ++size_;
        return true;
    }

    // True when it was in the set.
    bool erase(std::int64_t number) {
        const auto chunk = chunks_.find(number / width);
        if (chunk == chunks_.end()) return false;
        std::uint64_t& word = chunk->second.words[word_of(number)];
        if ((word & bit_of(number)) == 0) return false;
        word &= ~bit_of(number);
        if (--chunk->second.count == 0) chunks_.erase(chunk);
        --size_;
        return true;
    }

    bool contains(std::int64_t number) const {
        const auto chunk = chunks_.find(number / width);
        return chunk != chunks_.end() && (chunk->second.words[word_of(number)] & bit_of(number)) != 0;
    }

    // Up to `limit` members greater than `number`, rising.
    std::vector<std::int64_t> after(std::int64_t number, std::size_t limit) const {
        std::vector<std::int64_t> page;
        for (auto chunk = chunks_.lower_bound((number + 1) / width); chunk != chunks_.end(); ++chunk) {
            for (std::size_t w = 0; w < chunk->second.words.size(); ++w) {
                for (std::uint64_t word = chunk->second.words[w]; word != 0; word &= word - 1) {
                    const std::int64_t member =
                        chunk->first * width + static_cast<std::int64_t>(w) * 64 + std::countr_zero(word);
                    if (member <= number) continue;
                    if (page.size() == limit) return page;
                    page.push_back(member);
                }
            }
        }
        return page;
    }

    std::size_t size() const noexcept { return size_; }

  private:
    static constexpr std::int64_t width = 512;
    struct Chunk {
        std::array<std::uint64_t, width / 64> words{};
        std::uint32_t count = 0;
    };
    static std::size_t word_of(std::int64_t number) { return static_cast<std::size_t>(number % width) / 64; }
    static std::uint64_t bit_of(std::int64_t number) { return std::uint64_t{1} << (number % 64); }

    std::map<std::int64_t, Chunk> chunks_;
    std::size_t size_ = 0;
};

}  // namespace parley
