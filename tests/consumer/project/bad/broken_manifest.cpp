// A comma too many in the manifest.
#include <parley/sdk.hpp>

struct Sloppy : parley::Agent<Sloppy> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply("hm");
        co_return;
    }
};

PARLEY_PLUGIN_MANIFEST(Sloppy, "com.example.sloppy", "1.0.0", "Cannot spell", R"("features": [],)")
