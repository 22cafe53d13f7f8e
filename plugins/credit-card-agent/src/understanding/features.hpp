// What the classifiers look at: character and word n-grams, consonant skeletons, ideas, shapes of the
// message.
//
// Promise   The same text and lexicon give the same features in training and at run time, on any machine.
// Threads   Const objects are shared freely.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "understanding/text.hpp"

namespace edge {

// The words for an idea ("late", "emi", "lost"), in all three languages.
class Lexicon {
  public:
    // `source`: lines of "name: word word stem*"; # starts a comment. A name that ends with ~ is an idea
    // of any talk ("when", "who"), not of cards.
    explicit Lexicon(std::string_view source);

    // Numbers of the ideas that `norm` stands for, ascending; at most eight.
    void ideas_of(std::string_view norm, std::vector<std::uint8_t>& out) const;

    // -1 when the lexicon has no such idea.
    int number_of(std::string_view idea) const;
    std::size_t size() const { return names_.size(); }

    // Whether the idea is about cards and banks.
    bool is_subject(std::size_t idea) const { return !general_[idea]; }

  private:
    void add_words(std::string_view words, std::uint8_t idea);

    std::vector<std::string> names_;
    std::vector<bool> general_;
    std::unordered_map<std::string, std::vector<std::uint8_t>> words_;
    std::unordered_map<std::string, std::vector<std::uint8_t>> stems_;
};

struct Feature {
    std::uint32_t key = 0;
    float weight = 0;
};

// The features of one message for the intent, each key once.
std::vector<Feature> intent_features(const Text& text, const Lexicon& lexicon);

// The features for "is this Latin-script message Hindi?"; forms of address are left out.
std::vector<Feature> language_features(const Text& text);

}  // namespace edge
