package polls_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// datasetVector is a sealed dataset of three rows. It is of package labeling, and here because the file is written here.
func datasetVector(t *testing.T) vector {
	var rows []vector
	var hashes [][32]byte
	for _, r := range []struct {
		key   string
		label labeling.Label
	}{
		{"a/1.png", labeling.Label{Choice: 1, Soft: []int{24_000, 976_000}, Confidence: 976_000, Method: "dawid-skene/1"}},
		{"a/2.png", labeling.Label{Choice: labeling.NoChoice, Method: "majority/1"}},
		{"ö", labeling.Label{Value: `[{"class":0,"h":40,"w":30,"x":10,"y":20}]`, Confidence: 910_000, Method: "box-median/1"}},
	} {
		row, err := labeling.NewDatasetRow(&labeling.ClosedTask{
			Task:     labeling.Task{Key: r.key},
			Question: &polls.Question{ID: "q_06gzyx07y42bpy28rk7sej8mgr", Hash: strings.Repeat("ab", 32)},
			Answers:  []polls.Answer{{Hash: [32]byte{1}}, {Hash: [32]byte{2}}},
		}, r.label)
		check(t, err)
		rows = append(rows, vector{"content": row.Content, "hash": hex.EncodeToString(row.Hash[:])})
		hashes = append(hashes, row.Hash)
	}
	p := &labeling.Project{ID: "prj_06gzyx07y42bpy28rk7sej8mgr"}
	p.Type, p.Text, p.Choices = polls.Choice, "Which bird?", []string{"heron", "egret"}
	d := labeling.NewDataset(p, labeling.FromAuto, time.UnixMilli(1_795_262_400_123))
	d.Method = "ds"
	check(t, d.Seal(p, hashes, d.CreatedAt))
	return vector{"rows": rows, "manifest": d.Manifest, "root": hex.EncodeToString(d.Root[:]), "hash": hex.EncodeToString(d.Hash[:])}
}
