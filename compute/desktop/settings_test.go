package desktop

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

var amounts = cmpopts.EquateComparable(tasknet.Amount{})

func TestSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "settings.json")
	first := Defaults("attic", 8, 16<<30, 100<<30)
	got, err := LoadSettings(path, first)
	if err != nil || !cmp.Equal(got, first, amounts) || first.Cores != 4 || first.MemoryMiB != 8<<10 || first.DiskMiB != 10<<10 {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := first.Check(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	first.Only = []string{tasknet.NewID(compute.JobPrefix, time.Now())}
	first.MinPrice = tasknet.Micro(250_000)
	first.Server, first.Hours = "https://tasknet.example", &Hours{From: "22:00", To: "07:00", Days: []Day{"sat", "sun"}}
	if err := first.Save(path); err != nil {
		t.Fatal(err)
	}
	if got, err = LoadSettings(path, Settings{}); err != nil || !cmp.Equal(got, first, amounts) {
		t.Errorf("what is read is not what was written: %v\n%s", err, cmp.Diff(first, got, amounts))
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("the file has the mode %v: %v", info.Mode(), err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSettings(path, first); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder in place of the file: %v", err)
	}
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	good := `{"version":1,"server":"","name":"n","cores":1,"memory_mib":512,"disk_mib":1,"mains_only":true,"unmetered_only":true,"idle_only":false,"idle_minutes":5,"max_celsius":0,"max_load":0,"hours":null,"paused":false}`
	if s, err := readSettings([]byte(good)); err != nil || s.Only == nil || s.Not == nil || len(s.Only)+len(s.Not) > 0 { // it is an older one
		t.Fatalf("%+v, %v", s, err)
	}
	id := tasknet.NewID(polls.OrgPrefix, time.Now())
	whose := func(only, not string) string { return `"paused":false,"only":[` + only + `],"not":[` + not + `]` }
	many := strings.Repeat(`"`+id+`",`, compute.ChoiceMax) + `"` + id + `"`
	for _, c := range []struct{ from, to, want string }{
		{`"version":1`, `"version":2,"new":1`, "a newer program"},
		{`"version":1`, `"version":0`, "version 0"},
		{`"paused":false`, `"paused":false,"turbo":true`, "turbo"},
		{`"cores":1`, `"cores":"all"`, "cannot be read"},
		{`"cores":1`, `"cores":0`, "cores"},
		{`"name":"n"`, `"name":""`, "name"},
		{`"server":""`, `"server":"tasknet.example"`, "https://tasknet.example"},
		{`"server":""`, `"server":"https://a:b@tasknet.example"`, "https://tasknet.example"},
		{`"server":""`, `"server":"file:///etc/passwd"`, "https://tasknet.example"},
		{`"memory_mib":512`, `"memory_mib":127`, "128 MiB"},
		{`"disk_mib":1`, `"disk_mib":-1`, "disk"},
		{`"idle_minutes":5`, `"idle_minutes":0`, "idle"},
		{`"max_celsius":0`, `"max_celsius":20`, "°C"},
		{`"max_load":0`, `"max_load":101`, "per cent"},
		{`"paused":false`, `"paused":false,"min_price":"-1"`, "0 to 1000000"},
		{`"paused":false`, `"paused":false,"min_price":"1000000.000001"`, "0 to 1000000"},
		{`"paused":false`, `"paused":false,"min_price":"much"`, "such as \"0.018\""},
		{`"paused":false`, `"paused":false,"min_price":1`, "JSON string"},
		{`"hours":null`, `"hours":{"from":"24:00","to":"07:00","days":["mon"]}`, "22:00"},
		{`"hours":null`, `"hours":{"from":"22:00","to":"07:00","days":[]}`, "one day"},
		{`"hours":null`, `"hours":{"from":"22:00","to":"07:00","days":["mon","mon"]}`, "twice"},
		{`"hours":null`, `"hours":{"from":"22:00","to":"07:00","days":["day"]}`, `"day" is no day`},
		{`"paused":false`, whose(`"`+id+`","us"`, ""), `"us" is no id`},
		{`"paused":false`, whose("", `"`+id+`x"`), `x" is no id`},
		{`"paused":false`, whose(`"`+strings.Replace(id, "org_", "node_", 1)+`"`, ""), "is no id"},
		{`"paused":false`, whose(`"`+strings.Repeat("a", 1000)+`"`, ""), `aaa…" is no id`},
		{`"paused":false`, whose(`"`+id+`"`, `"`+id+`"`), "works for alone"},
		{`"paused":false`, whose("7", ""), "cannot be read"},
		{good, good + "{}", "more after"},
		{good, "", "cannot be read"},
	} {
		_, err := readSettings([]byte(strings.Replace(good, c.from, c.to, 1)))
		if tasknet.Describe(err).Code != "bad_settings" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.to, err)
		}
	}
	if _, err := readSettings([]byte(strings.Replace(good, `"paused":false`, whose(many, ""), 1))); tasknet.Describe(err).Code != "bad_choice" {
		t.Errorf("too many: %v", err)
	}
}
