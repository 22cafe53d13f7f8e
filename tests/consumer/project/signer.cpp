// Signs what it is told: what the guide quotes on secrets and metrics.
#include <parley/sdk.hpp>

struct Signer : parley::Agent<Signer> {
    void start() {
        signed_ = metrics().counter("signatures", "Texts that were signed", {{"algorithm", "sum"}});
        length_ = metrics().histogram("text_chars", "How long they were", {10, 100, 1000});
    }

    parley::Task on_message(parley::Turn turn) {
        const std::string key = secret("SIGNING_KEY");
        turn.reply(turn.text + " | " + std::to_string(signature_of(turn.text, key)));
        signed_.add();
        length_.observe(static_cast<double>(turn.text.size()));
        co_return;
    }

  private:
    // A stand-in for a real algorithm.
    static unsigned signature_of(const std::string& text, const std::string& key) {
        unsigned sum = 17;
        for (const char c : key + text) sum = sum * 31 + static_cast<unsigned char>(c);
        return sum;
    }

    parley::MetricCounter signed_;
    parley::MetricHistogram length_;
};

PARLEY_PLUGIN_MANIFEST(Signer, "com.example.signer", "1.0.0", "Signs what it is told", R"(
  "requires": ["parley.secrets/1"], "optional": ["parley.metrics/1"], "features": [], "concurrency": "instance",
  "config_schema": {"type": "object"}
)")
