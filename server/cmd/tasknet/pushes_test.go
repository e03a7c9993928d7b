package main

import (
	"bytes"
	"testing"

	"github.com/tasknet/tasknet/server/pipeline"
)

func TestPushesAreTold(t *testing.T) {
	for want, days := range map[string][]pipeline.PushDay{
		"Nobody was woken yet.\n": nil,
		`         day  channel  sent  taken  gone  given up  opened
  2026-11-21      fcm    13     11     1         1       7
  2026-11-21      web     5      3     2         0       2
`: {{Date: "2026-11-21", Channel: pipeline.FCM, Sent: 13, Taken: 11, Gone: 1, Failed: 1, Opened: 7}, {Date: "2026-11-21", Channel: pipeline.WebPush, Sent: 5, Taken: 3, Gone: 2, Opened: 2}},
	} {
		var out bytes.Buffer
		if err := (&program{out: &out}).tellPushes(days, false); err != nil || out.String() != want {
			t.Errorf("%v:\n%s", err, out.String())
		}
	}
}

func TestPushesAsJSON(t *testing.T) {
	for want, days := range map[string][]pipeline.PushDay{
		"[]\n": nil,
		`[
  {
    "date": "2026-11-21",
    "channel": "fcm",
    "sent": 13,
    "taken": 11,
    "gone": 1,
    "given_up": 2,
    "opened": 7
  }
]
`: {{Date: "2026-11-21", Channel: pipeline.FCM, Sent: 13, Taken: 11, Gone: 1, Failed: 2, Opened: 7}},
	} {
		var out bytes.Buffer
		if err := (&program{out: &out}).tellPushes(days, true); err != nil || out.String() != want {
			t.Errorf("%v:\n%s", err, out.String())
		}
	}
}
