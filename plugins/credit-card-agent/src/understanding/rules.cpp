// The rules of the taxonomy as code.
#include "understanding/rules.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace edge {
namespace {

bool is_neutral(std::string_view word) {
    static const std::unordered_set<std::string_view> words{
        "ok", "okay", "okk", "okkk", "okey", "k", "kk", "hmm", "hm", "hmmm", "hmmmm", "mm", "oky", "oke"};
    return words.contains(word);
}

// Function words and frequent verbs of Hindi in their romanised spellings, none of which is an English word.
bool is_hindi_for_certain(std::string_view word) {
    static const std::unordered_set<std::string_view> words{
        "hai",       "hain",       "hoon",      "hona",     "hoga",     "hogi",     "honge",    "hota",
        "hoti",      "hote",       "hua",       "hui",      "hue",      "huye",     "tha",      "thi",
        "thee",      "raha",       "rahi",      "rahe",     "gaya",     "gayi",     "gaye",     "gya",
        "gyi",       "kya",        "kyaa",      "kyu",      "kyun",     "kyon",     "kyo",      "kyunki",
        "kaise",     "kese",       "kaisa",     "kaisi",    "kab",      "kahan",    "kaha",     "kidhar",
        "kitna",     "kitne",      "kitni",     "kaun",     "kon",      "kaunsa",   "kaunsi",   "kaunse",
        "konsa",     "konse",      "konsi",     "kisi",     "kisne",    "kiska",    "kiski",    "kiske",
        "kisko",     "koi",        "kuch",      "kuchh",    "mera",     "meri",     "mere",     "mujhe",
        "mujhko",    "mujhse",     "muje",      "mereko",   "hum",      "humko",    "hume",     "hamara",
        "hamari",    "apna",       "apne",      "apni",     "aap",      "aapka",    "aapke",    "aapki",
        "aapko",     "aapne",      "tum",       "tumhara",  "tumhari",  "tumhe",    "tera",     "teri",
        "tere",      "tujhe",      "mai",       "mein",     "maine",    "ka",       "ki",       "ke",
        "ko",        "se",         "nahi",      "nahin",    "nhi",      "nai",      "mat",      "bhi",
        "haan",      "haanji",     "hanji",     "acha",     "accha",    "achha",    "achhe",    "theek",
        "thik",      "thek",       "chalo",     "chaliye",  "chahiye",  "chaiye",   "chahie",   "chahta",
        "chahti",    "chahte",     "karo",      "karna",    "karne",    "karni",    "karu",     "karun",
        "karke",     "karein",     "kare",      "kardo",    "krna",     "krdo",     "krdijiye", "karao",
        "karwao",    "karwana",    "karwani",   "karwa",    "karta",    "karti",    "karte",    "karunga",
        "karungi",   "kiya",       "kiye",      "kijiye",   "batao",    "bata",     "bataiye",  "bataye",
        "batana",    "bataya",     "bolo",      "bola",     "bolna",    "boliye",   "bhejo",    "bhej",
        "bhejna",    "bhejiye",    "bheja",     "milega",   "milegi",   "milta",    "milti",    "milte",
        "milenge",   "mila",       "mili",      "milne",    "dena",     "dedo",     "dijiye",   "dijie",
        "diya",      "dikhao",     "dikha",     "lena",     "lene",     "leni",     "liya",     "lagega",
        "lagegi",    "lagenge",    "lagta",     "lagti",    "lagte",    "wala",     "wali",     "wale",
        "yeh",       "usme",       "isme",      "iska",     "iski",     "iske",     "uska",     "uski",
        "uske",      "isse",       "usse",      "aur",      "lekin",    "magar",    "agar",     "toh",
        "phir",      "fir",        "abhi",      "aaj",      "mahina",   "mahine",   "saal",     "paisa",
        "paise",     "rupaye",     "rupya",     "namaste",  "namaskar", "namastey", "pranam",   "shukriya",
        "dhanyavad", "dhanyavaad", "dhanyawad", "alvida",   "bakwas",   "ghatiya",  "bekar",    "bekaar",
        "zaruri",    "zaroori",    "jaruri",    "jarurat",  "zarurat",  "jankari",  "jaankari", "kagaz",
        "kagaj",     "kaagaz",     "umar",      "naukri",   "dukan",    "dukaan",   "ghar",     "gaon",
        "kho",       "chori",      "pehle",     "pahle",    "baad",     "jaldi",    "sirf",     "sab",
        "sabhi",     "zyada",      "jyada",     "kam",      "salaam",   "suno",     "suniye",   "sunao",
        "rehne",     "chhodo",     "chodo",     "galat",    "sahi",     "bina",     "matlab",   "samajh",
        "samjha",    "samjhao",    "samjh",     "bhool",    "pata",     "paas",     "liye",     "wapas",
        "vapas",     "tak",        "kabhi",     "hamesha",  "bilkul",   "zaroor",   "jaroor",   "accha",
        "sakta",     "sakti",      "sakte",     "paunga",   "payega",   "aata",     "aati",     "aate",
        "aaya",      "aayi",       "aayega",    "aaega",    "aana",     "jana",     "jaye",     "jayega",
        "jayegi",    "jaunga",     "chalega",   "chalegi",  "chalta",   "chalti",   "banwana",  "banega",
        "banao",     "banwao",     "bana",      "banta",    "badhao",   "badhana",  "badhegi",  "badhwana",
        "hatao",     "hata",       "rakho",     "rakhna",   "dekho",    "dekhna",   "dekhte",   "puchna",
        "puchha",    "madad",      "shikayat",  "pareshan", "kharab",   "bahut",    "bohot",    "bohut",
        "thoda",     "thodi",      "kyonki",    "jab",      "tab",      "jaise",    "waise",    "vaise",
        "aise",      "yahan",      "yaha",      "wahan",    "waha",     "chaahiye", "kaafi",    "dono",
        "teen",      "chaar",      "hazaar",    "hajar",    "hazar",    "dost",     "beti",     "biwi",
        "pati",      "patni",      "maa",       "ladka",    "ladki",    "log",      "logo",     "logon",
        "bharna",    "bharu",      "bhara",     "bhare",    "kiraya",   "byaj",     "byaaj",    "khata",
        "kharcha",   "kharch",     "mausam",    "khana",    "gana",     "kahani",   "shaadi",   "shadi",
        "kaam",      "naam",       "manzoor",   "jodo",     "jode",     "jod",      "unka",     "unki",
        "unke",      "inka",       "inki",      "inke",     "inhe",     "unhe"};
    return words.contains(word);
}

}  // namespace

bool is_form_of_address(std::string_view word) {
    static const std::unordered_set<std::string_view> words{
        "bhai", "yaar", "yar", "ji", "bhaiya", "beta", "didi", "na", "arre", "arey", "sirji", "bhaijaan"};
    return words.contains(word);
}

std::optional<Intent> intent_without_words(const Text& text) {
    const auto worded = [](const Word& word) { return word.script != Script::number; };
    if (std::any_of(text.words.begin(), text.words.end(), worded)) return std::nullopt;
    if (text.words.size() == 1) {
        if (text.has_pan_shape) return Intent::pan;
        if (text.long_digits == 16) return Intent::security;
        if (text.long_digits == 12) return Intent::kyc;
        return Intent::unclear;
    }
    if (!text.words.empty()) return text.has_pan_shape ? Intent::pan : Intent::unclear;
    const auto has = [&](char32_t code) {
        return std::find(text.symbols.begin(), text.symbols.end(), code) != text.symbols.end();
    };
    const bool yes = has(U'👍') || has(U'✅') || has(U'👌');
    const bool no = has(U'👎') || has(U'❌');
    if (yes != no) return yes ? Intent::affirm : Intent::deny;
    if (has(U'👋')) return Intent::greeting;
    return Intent::unclear;
}

bool has_no_own_words(const Text& text) {
    return std::all_of(text.words.begin(), text.words.end(), [](const Word& word) {
        return word.script == Script::number || is_neutral(word.raw);
    });
}

std::optional<Language> language_asked_for(const Text& text) {
    static const std::unordered_set<std::string_view> around{
        "in",     "me",    "mein",    "main",   "please", "speak",    "talk",  "reply",
        "answer", "batao", "bataiye", "bolo",   "bolie",  "boliye",   "likho", "samjhao",
        "use",    "only",  "switch",  "change", "men",    "language", "bhasha"};
    const std::size_t count = text.words.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& word = text.words[i].raw;
        std::optional<Language> named;
        if (word == "hindi" || word == "hindee") named = Language::hindi;
        if (word == "hinglish" || word == "hinglis") named = Language::hinglish;
        if (word == "english" || word == "inglish" || word == "angreji" || word == "angrezi" ||
            word == "inglis")
            named = Language::english;
        if (!named) continue;
        const bool before = i > 0 && around.contains(text.words[i - 1].raw);
        const bool after = i + 1 < count && around.contains(text.words[i + 1].raw);
        if (before || after || count == 1) return named;
    }
    return std::nullopt;
}

bool has_certain_hindi_word(const Text& text) {
    return std::any_of(text.words.begin(), text.words.end(), [](const Word& word) {
        return word.script == Script::latin && !is_form_of_address(word.raw) &&
               is_hindi_for_certain(word.raw);
    });
}

}  // namespace edge
