// A handler that the SDK cannot call must not be left out silently.
#include <parley/sdk.hpp>

class Shy : public parley::Agent<Shy> {
  public:
    parley::Task on_message(parley::Turn turn) {
        turn.reply("hm");
        co_return;
    }

  private:
    void configure(const parley::Config&) {}
};

PARLEY_PLUGIN(Shy, "com.example.shy", "1.0.0", "Hides its configure")
