#include "core/refused_posts.hpp"

namespace parley {
namespace {

constexpr std::size_t longest_number = 64;

}  // namespace

void RefusedPosts::use(RefusedPostsOptions options) {
    const std::lock_guard lock(mutex_);
    options_ = std::make_shared<const RefusedPostsOptions>(std::move(options));
    while (posts_.size() > options_->most) posts_.pop_front();
}

RefusedPost RefusedPosts::note(WallTime at, std::string peer, std::string_view body, int status,
                               std::string_view reason) {
    std::shared_ptr<const RefusedPostsOptions> options;
    {
        const std::lock_guard lock(mutex_);
        options = options_;
    }
    // A number that the cut would make too short to be recognised is seen whole.
    std::string kept = options->shown ? options->shown(body.substr(0, most_body + longest_number), at)
                                      : std::string(body.substr(0, most_body));
    if (kept.size() > most_body) kept.resize(most_body);
    RefusedPost post{0, at, std::move(peer), body.size(), status, std::string(reason), std::move(kept)};
    const std::lock_guard lock(mutex_);
    post.id = ++last_;
    posts_.push_back(post);
    while (posts_.size() > options_->most) posts_.pop_front();
    return post;
}

std::vector<RefusedPost> RefusedPosts::page(std::int64_t before, std::size_t limit,
                                            std::string_view text) const {
    std::vector<RefusedPost> page;
    const std::lock_guard lock(mutex_);
    for (auto post = posts_.rbegin(); post != posts_.rend() && page.size() < limit; ++post)
        if ((before == 0 || post->id < before) && post->body.find(text) != std::string::npos)
            page.push_back(*post);
    return page;
}

std::size_t RefusedPosts::forget(const PersonNames& person) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(posts_, [&](const RefusedPost& post) { return names_person(post.body, person); });
}

std::optional<RefusedPost> RefusedPosts::find(std::int64_t id) const {
    const std::lock_guard lock(mutex_);
    for (const RefusedPost& post : posts_)
        if (post.id == id) return post;
    return std::nullopt;
}

}  // namespace parley
