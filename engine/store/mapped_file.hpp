// MappedFile: a small file of fixed size as memory. What is written into it survives the death of the process
// without a system call; sync() makes it survive a power cut too.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace parley {

class MappedFile {
  public:
    // Makes the file, filled with zeros, when it is missing or has another size. Its blocks are allocated at
    // once, so a disk that is full later does not matter.
    static Result<MappedFile> open(const std::string& path, std::size_t size);

    MappedFile(MappedFile&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(other.size_), is_new_(other.is_new_) {}
    MappedFile& operator=(MappedFile&&) = delete;
    ~MappedFile();

    std::byte* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool is_new() const noexcept { return is_new_; }
    bool sync() const noexcept;  // blocks until the disk has it

  private:
    MappedFile(std::byte* data, std::size_t size, bool is_new) : data_(data), size_(size), is_new_(is_new) {}

    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    bool is_new_ = false;
};

}  // namespace parley
