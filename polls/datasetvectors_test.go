package polls_test

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/tasknet/tasknet"
)

// datasetVector is a sealed dataset of four rows, as a reader without our code would hash it. That package labeling makes
// the same is tested there.
func datasetVector(t *testing.T) vector {
	var rows []vector
	var hashes [][32]byte
	for _, content := range []string{
		`{"answers":["0100000000000000000000000000000000000000000000000000000000000000","0200000000000000000000000000000000000000000000000000000000000000"],"choice":1,"confidence_ppm":976000,"key":"a/1.png","method":"dawid-skene/1","question":"q_06gzyx07y42bpy28rk7sej8mgr","question_hash":"abababababababababababababababababababababababababababababababab","soft_ppm":[24000,976000]}`,
		`{"answers":["0100000000000000000000000000000000000000000000000000000000000000","0200000000000000000000000000000000000000000000000000000000000000"],"choice":-1,"confidence_ppm":0,"key":"a/2.png","method":"majority/1","question":"q_06gzyx07y42bpy28rk7sej8mgr","question_hash":"abababababababababababababababababababababababababababababababab","soft_ppm":[]}`,
		`{"answers":["0100000000000000000000000000000000000000000000000000000000000000","0200000000000000000000000000000000000000000000000000000000000000"],"confidence_ppm":910000,"key":"ö","method":"box-median/1","question":"q_06gzyx07y42bpy28rk7sej8mgr","question_hash":"abababababababababababababababababababababababababababababababab","soft_ppm":[],"value":[{"class":0,"h":40,"w":30,"x":10,"y":20}]}`,
		`{"answers":["0100000000000000000000000000000000000000000000000000000000000000","0200000000000000000000000000000000000000000000000000000000000000"],"choice":0,"confidence_ppm":1000000,"key":"ü","leaves":[70000,70003],"method":"majority/1","question":"q_06gzyx07y42bpy28rk7sej8mgr","question_hash":"abababababababababababababababababababababababababababababababab","soft_ppm":[1000000,0]}`,
	} {
		hash, err := tasknet.Hash("tasknet/dataset-row/v1", json.RawMessage(content))
		check(t, err)
		rows = append(rows, vector{"content": content, "hash": hex.EncodeToString(hash[:])})
		hashes = append(hashes, hash)
	}
	root := tasknet.NewTree(hashes).Root()
	manifest := vector{
		"choices": []string{"heron", "egret"}, "method": "ds", "project": "prj_06gzyx07y42bpy28rk7sej8mgr", "root": hex.EncodeToString(root[:]), "rows": len(rows),
		"source": "auto", "text": "Which bird?", "type": "choice",
	}
	content, err := tasknet.Canonical(manifest)
	check(t, err)
	hash, err := tasknet.Hash("tasknet/dataset/v1", manifest)
	check(t, err)
	return vector{"rows": rows, "manifest": string(content), "root": hex.EncodeToString(root[:]), "hash": hex.EncodeToString(hash[:])}
}
