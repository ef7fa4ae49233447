// Seeds of the targets about files and programs of the same machine: configuration,
// records as people write them, API requests, messages between focald and its gate.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "node/gate/frames.h"
#include "node/record/record.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/paths.h"

namespace focal::test {
namespace {

namespace fs = std::filesystem;
const fs::path kTree = in_tree();

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  FOCAL_CHECK(in && !out.str().empty());
  return out.str();
}

void config_seeds() {
  const auto put = [](const std::string& name, const std::string& toml) {
    write_seed("fuzz_config", name, toml);
  };
  put("example", read(kTree / "config/examples/focal.toml"));
  put("least", "party = \"XA\"\nfolder = \"/\"\n");
  put("dialout", "party = \"XA\"\nreach = \"dialout\"\nendpoints = []\n");
  put("unknown-key", "party = \"XA\"\npassword = \"x\"\n");
  put("wrong-type", "party = 7\n");
  put("endpoints", "party = \"XA\"\nlisten = \"tcp://*:7117\"\n"
                   "endpoints = [\"tcp://[2001:db8::7]:7117\", \"tcp://node.example:1\"]\n");
  put("clocks", "party = \"XA\"\n[clocks.flash]\nacknowledge = '9 hours'\nanswer = '8 hours'\n");
  put("calendar", "party = \"XA\"\n[calendar.XB]\nweek = 'sun-thu'\n"
                  "holidays = ['2026-03-20', '02-29']\nutc_offset = '-04:30'\n");
  put("gate", "party = \"XA\"\n[gate]\nbackoff_base_ms = 60000\nbackoff_cap_ms = 10\n");
  put("header-without-key", "party = \"XA\"\n[=\n");
  put("bare-letter", "\xCB\x83\xC9\x9E = 1\n");
  put("quotes", "party = \"XA\" # \xC3\xA9 \"\nfolder = '''/'''\napi_socket = \"\"\"a\"\"\"\n");
  put("not-toml", "party = \"XA\nfolder");
}

// Two seeds a file: as people wrote it, and as it travels.
void record_seeds() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kTree / "tests/vectors/examples"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const std::string json = read(file);
    write_seed("fuzz_record", file.stem().string() + "-json", "\x80" + json);
    const auto made = record::from_json(json, "XA", {"XB"});
    if (!made.has_value()) continue;  // written for other parties
    const auto kinds = record::kinds();
    const auto which = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const auto& k) { return k.name == made->kind(); });
    write_seed("fuzz_record", file.stem().string() + "-body",
               static_cast<char>(which - kinds.begin()) + to_string(ByteView(made->body())));
  }
}

// serial, serial, make, model, calibre, type
void marking_seeds() {
  const auto put = [](const std::string& name, const std::string& lines) {
    write_seed("fuzz_marking", name, lines);
  };
  put("latin", "AB-123456\nab 123456\nGlock\nGlock 17\n9 mm Luger\nSA_PISTOL");
  put("cyrillic", "№ АВ 123456\nAB123456\nИжмаш\nАК-74\n5,45х39\nSA_ASSAULT_RIFLE");
  put("arabic", "الرقم التسلسلي: ١٢٣؟٥\n123*5\nMaadi\n\n٧٫٦٢×٣٩ ملم\n");
  put("chinese", "56式 18012345\n56-18012345\nNORINCO\n56式\n7.62毫米\nUNKNOWN");
  put("patterns", "12**?34\n*?*\nM70\nBeretta M70\n.38\nSA_OTHER");
  put("digits", "369J257\n369M257\n\n17\ncal. .45 ACP\n");
  put("no-number", "б/н\nN/A\n-\n?\nmm\n");
  put("unseen", "\u202eAB\u200b12\ufe0f34\u202c\nＡＢ１２３４\n🔫\n👨‍👩‍👧\n×\n");
  put("accents", "E\u0301-12\u030a34\nÉ1234\nČeská zbrojovka\nFÉG\n0.45\n");
  put("ligatures", "\ufdfa\ufdfa\ufdfa\nΝΟ 12\n\nǄ\n\n");
  put("not-utf8", "12\xc3\n\xff\n\xed\xa0\x80\n\n\n");
}

void list_seeds() {
  const auto put = [](const std::string& name, const std::string& text) {
    write_seed("fuzz_list", name, text);
  };
  put("commas", "Serial No,Maker,Calibre,Type,Made in\r\nAB 1234,Glock,9x19,pistol,AT\r\n");
  put("semicolons", "\xEF\xBB\xBF"
                    "Серийный номер;Калибр;Страна\r\n\"АВ; 12\";5,45х39;СССР\r\n;;\r\n");
  put("tabs", "S/N\tYear\tImport mark\n12?45\tc. 1987\tDE\n");
  put("quotes", "A,\"B \"\"x\"\"\"\n\"two\nlines\",\"\"\n");
  put("told", "sep=;\rserial;type\r1;SA_PISTOL\r");
  put("formulas", "serial,remark\n'=1+1,-5\n+A,@B\n");
  put("open-quote", "A,B\n1,\"2\n3,4\n");
  put("not-utf8", "A\nM\xE4rz\n");
  put("shortened", "serial,country,qty\n1.23457E+11,NA,1e3\n");
}

void api_seeds() {
  const auto put = [](const std::string& name, int which, const std::string& body) {
    write_seed("fuzz_api_body", name, static_cast<char>(which) + body);
  };
  put("empty-object", 0, "{}");
  put("peer-add", 4, R"({"bundle":"focal-card/v1\nparty XA\n","party":"XA"})");
  put("peer-verify", 6, R"({"party":"XB","number":"12345 67890","how":"PHONE"})");
  put("trace-list", 8, R"({"open_only":true,"limit":7,"party":"XB"})");
  put("trace-open", 9, R"({"to":["XB"],"record":{"header":{"subject":"S"},"items":[1,2.5,null]}})");
  put("trace-ack", 11, R"({"case_number":"T-1","assigned_to":["NPC","A"],"record":{}})");
  put("trace-refuse", 13, R"({"case_number":"T-1","ground":"NATIONAL_SECURITY","reason":"r"})");
  put("outbox-cancel", 18, R"({"id":"7","reason":"\u00e9\ud83d\ude00"})");
  put("tail", 20, R"({"limit":1000,"before":"18446744073709551615"})");
  put("name-twice", 18, R"({"id":"7","id":"8"})");
  put("unknown-field", 18, R"({"ID":"7"})");
  put("deep", 9, R"({"record":)" + std::string(40, '[') + std::string(40, ']') + "}");
  put("trace-ask", 21, R"({"case_number":"T-1","missing":[{"path":"item1.serial","text":"q"}]})");
  put("trace-delay", 23, R"({"case_number":"T-1","items":[1,4294967295],"expected_by":"2027-01-31"})");
  put("trace-sheet", 31, R"({"case_number":"T-1","lang":"ar","format":"html","with_personal_data":true})");
  put("target", 32, "/v1/peers/XB%2FTRACE?limit=7&party=X%20B");
  put("target-dots", 32, "/v1/%2e%2e/card");
  put("target-long", 32, "/" + std::string(5000, 'a'));
}

// Messages one after the other, behind the target's first byte.
template <typename Any, typename... Messages>
std::string stream(std::uint8_t first, const Messages&... messages) {
  Bytes out{first};
  (gate::encode(out, Any(messages)), ...);
  return to_string(ByteView(out));
}

void gate_seeds() {
  const Hash32 key{1, 2, 3};
  write_seed("fuzz_gate_frames", "start",
             stream<gate::ToGate>(1, gate::Settings{}, gate::AllowList{{{"XA", key}, {"XB", Hash32{9}}}},
                        gate::Listen{"tcp://127.0.0.1:0"},
                        gate::DialPlan{{{"XA", key, {"tcp://198.51.100.7:7117"}}}}));
  write_seed("fuzz_gate_frames", "traffic",
             stream<gate::ToGate>(1, gate::Send{7, "XA", Bytes(300, 5)}, gate::CloseLink{7}));
  Bytes with_key{3};
  append(with_key, gate::encode_transport_key(crypto::Secret::copy_of(Bytes(32, 7))).view());
  write_seed("fuzz_gate_frames", "key", to_string(ByteView(with_key)));
  write_seed("fuzz_gate_frames", "answers",
             stream<gate::FromGate>(0x40, gate::Listening{"tcp://127.0.0.1:4711"},
                          gate::LinkUp{7, "XA", gate::Direction::kAccepted, "198.51.100.9"},
                          gate::FrameIn{7, "XA", Bytes(100, 4)}, gate::Sent{7, 2, 300},
                          gate::LinkDown{7, "XA", "closed"}));
  gate::Refused refused{"", key, "198.51.100.9", "unknown transport key tried to connect"};
  write_seed("fuzz_gate_frames", "troubles",
             stream<gate::FromGate>(0x40, gate::Failed{true, "address already in use"}, refused,
                          gate::DialFailed{"XA", "tcp://198.51.100.7:7117", gate::DialWhy::kNoConnection,
                                           "timed out", 2000},
                          gate::Stats{}));
  write_seed("fuzz_gate_frames", "too-long", std::string("\x01\x00\x18\x00\x01\x06", 6));
  write_seed("fuzz_gate_frames", "no-length", std::string("\x01\x00\x00\x00\x00", 5));
}

}  // namespace

void local_seeds() {
  config_seeds();
  record_seeds();
  marking_seeds();
  list_seeds();
  api_seeds();
  gate_seeds();
}

}  // namespace focal::test
