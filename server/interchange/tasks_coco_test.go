package interchange_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// cocoFile has two images of 10 x 8 pixels, 5 and 3, and categories 7 dog, 2 cat.
func cocoFile(annotations string) string {
	return fmt.Sprintf(`{"info":{"year":2026},"licenses":[],
"annotations":[%s],
"images":[{"id":5,"width":10,"height":8,"file_name":"a/5.png","license":1},
{"id":3,"width":10,"height":8,"file_name":"3.png","coco_url":"http://images.example.org/3.png"}],
"categories":[{"id":7,"name":"dog","supercategory":"animal"},{"id":2,"name":"cat"}],"extra":{"x":[1]}}`, annotations)
}

func TestCOCO(t *testing.T) {
	box := `{"id":1,"image_id":5,"category_id":7,"bbox":[1.4,2.6,3.2,4],"segmentation":[[1,2,5,2,5,6],[0,0,3,0,3,2,0,2]],"iscrowd":0},
{"id":2,"image_id":3,"category_id":2,"bbox":[-3,0,100,100],"segmentation":{"size":[8,10],"counts":[0,8,72]},"iscrowd":1}`
	for name, tt := range map[string]struct {
		annotations string
		o           interchange.TasksOptions
		want        [2]string
	}{
		"no truth wanted":     {box, interchange.TasksOptions{}, [2]string{"", ""}},
		"boxes":               {box, interchange.TasksOptions{Type: polls.Boxes}, [2]string{`[{"class":1,"h":4,"w":4,"x":1,"y":3}]`, `[{"class":0,"h":8,"w":10,"x":0,"y":0}]`}},
		"the project's order": {box, interchange.TasksOptions{Type: polls.Boxes, Choices: []string{"dog", "cow", "cat"}}, [2]string{`[{"class":0,"h":4,"w":4,"x":1,"y":3}]`, `[{"class":2,"h":8,"w":10,"x":0,"y":0}]`}},
		"nothing seen":        {"", interchange.TasksOptions{Type: polls.Mask}, [2]string{"[]", "[]"}},
		"choices":             {box, interchange.TasksOptions{Type: polls.Choice}, [2]string{"1", "0"}},
		"several":             {box + `,{"image_id":5,"category_id":2},{"image_id":5,"category_id":7}`, interchange.TasksOptions{Type: polls.Multiple}, [2]string{"[0,1]", "[0]"}},
		"no choice":           {"", interchange.TasksOptions{Type: polls.Choice}, [2]string{"", ""}},
		"masks": {
			`{"image_id":5,"category_id":7,"segmentation":[[0,0,3,0,3,2,0,2]]},{"image_id":3,"category_id":2,"segmentation":{"size":[8,10],"counts":"08X2"}}`,
			interchange.TasksOptions{Type: polls.Mask},
			[2]string{`[{"class":1,"counts":[0,2,6,2,6,2,62]}]`, `[{"class":0,"counts":[0,8,72]}]`},
		},
		"polygons": {
			`{"image_id":5,"category_id":7,"segmentation":[[1,2,5,2,5,6.6],[0,0,30,0,3,2,0,-2]]}`,
			interchange.TasksOptions{Type: polls.Polygons},
			[2]string{`[{"class":1,"points":[1,2,5,2,5,7]},{"class":1,"points":[0,0,10,0,3,2,0,0]}]`, `[]`},
		},
	} {
		for _, mark := range []string{"", "\ufeff"} {
			tasks, bad := readTasks(t, "a.json", mark+cocoFile(tt.annotations), tt.o)
			want := []labeling.TaskRow{
				{Key: "5", Image: "a/5.png", Width: 10, Height: 8, Truth: tt.want[0]},
				{Key: "3", Image: "http://images.example.org/3.png", Width: 10, Height: 8, Truth: tt.want[1]},
			}
			if diff := cmp.Diff(want, tasks); diff != "" || bad != nil {
				t.Errorf("%s: %v (-want +got):\n%s", name, bad, diff)
			}
		}
	}
}

// What is COCO's is told by its beginning, also when it begins with something else.
func TestCOCOIsKnown(t *testing.T) {
	for file, want := range map[string]string{
		`{"version":"5.0","images":[{"id":1,"file_name":"a.png"}]}`: "1",
		`{"info":{},"images":[{"id":2,"file_name":"a.png"}]}`:       "2",
		`{"id":3,"data":{"image":"a.png","images":[{}]}}`:           "3",
		`{"key":"4","image":"a.png","annotations":[]}`:              "4",
	} {
		tasks, bad := readTasks(t, "", file, interchange.TasksOptions{})
		if bad != nil || len(tasks) != 1 || tasks[0].Key != want || tasks[0].Image != "a.png" {
			t.Errorf("%s: %v, %v", file, tasks, bad)
		}
	}
}

func TestCOCOMalformed(t *testing.T) {
	for name, tt := range map[string]struct {
		annotations string
		kind        polls.Type
		want        labeling.BadRow
	}{
		"no image":       {`{"image_id":5,"category_id":7,"bbox":[0,0,1,1]},` + "\n" + `{"image_id":99,"category_id":7}`, polls.Boxes, labeling.BadRow{Line: 3, Problem: "the annotation is of image 99, which is not there"}},
		"no image's id":  {`{"category_id":7}`, polls.Boxes, labeling.BadRow{Line: 2, Problem: "the annotation has no image_id that is a whole number"}},
		"image's name":   {`{"image_id":"x"}`, polls.Boxes, labeling.BadRow{Line: 2, Problem: "the annotation has no image_id that is a whole number"}},
		"category":       {`{"image_id":5,"category_id":8,"bbox":[0,0,1,1]}`, polls.Boxes, labeling.BadRow{Line: 3, Problem: "an annotation of the image has category 8, which is none of the classes"}},
		"no box":         {`{"image_id":5,"category_id":7,"bbox":[0,0,1]}`, polls.Boxes, labeling.BadRow{Line: 3, Problem: "an annotation of the image has no bbox of four numbers"}},
		"odd polygon":    {`{"image_id":5,"category_id":7,"segmentation":[[0,0,1,1,2,2,3]]}`, polls.Polygons, labeling.BadRow{Line: 3, Problem: "an annotation of the image has a polygon with less than three corners, or half of one"}},
		"no polygon":     {`{"image_id":5,"category_id":7}`, polls.Mask, labeling.BadRow{Line: 3, Problem: "an annotation of the image has no segmentation"}},
		"mask, not line": {`{"image_id":5,"category_id":7,"segmentation":{"size":[8,10],"counts":[80]}}`, polls.Polygons, labeling.BadRow{Line: 3, Problem: "an annotation of the image is a mask and no polygon"}},
		"mask's size":    {`{"image_id":5,"category_id":7,"segmentation":{"size":[80,1],"counts":[80]}}`, polls.Mask, labeling.BadRow{Line: 3, Problem: "a mask is of 1 x 80 pixels, and its image of 10 x 8"}},
		"mask too short": {`{"image_id":5,"category_id":7,"segmentation":{"size":[8,10],"counts":[79]}}`, polls.Mask, labeling.BadRow{Line: 3, Problem: "the mask's run lengths are not those of an image of its size"}},
		"mask too long":  {`{"image_id":5,"category_id":7,"segmentation":{"size":[8,10],"counts":[79,2,-1]}}`, polls.Mask, labeling.BadRow{Line: 3, Problem: "the mask's run lengths are not those of an image of its size"}},
		"packed badly":   {`{"image_id":5,"category_id":7,"segmentation":{"size":[8,10],"counts":"P"}}`, polls.Mask, labeling.BadRow{Line: 3, Problem: "the mask's run lengths are not those of an image of its size"}},
		"two categories": {`{"image_id":5,"category_id":7},{"image_id":5,"category_id":2}`, polls.Choice, labeling.BadRow{Line: 3, Problem: "the image has annotations of 2 categories, and one choice was asked for"}},
		"another type":   {`{"image_id":5,"category_id":7}`, polls.Number, labeling.BadRow{Line: 3, Problem: "there are no annotations for questions of type number"}},
	} {
		tasks, bad := readTasks(t, "", cocoFile(tt.annotations), interchange.TasksOptions{Type: tt.kind})
		if diff := cmp.Diff([]labeling.BadRow{tt.want}, bad); diff != "" || len(tasks) == 0 {
			t.Errorf("%s: %v (-want +got):\n%s", name, tasks, diff)
		}
	}
	huge := strings.ReplaceAll(cocoFile(""), `"width":10`, `"width":3000000000`)
	if _, bad := readTasks(t, "", huge, interchange.TasksOptions{Type: polls.Mask}); len(bad) != 2 || bad[0].Problem != "the image has 3000000000 x 8 pixels" {
		t.Errorf("images that are too large: %v", bad)
	}
	for file, want := range map[string]string{
		`{"images":[{"id":1,"file_name":"a"}`: "The file ends on line 1, in the middle of a value.",
		`{"categories":[{"id":1}]}`:           "Line 1: a category needs id and name.",
		`{"images":[] "annotations":[]}`:      "members of an object have to be parted by commas",
		`{"images":[],3:[]}`:                  "an object needs names in quotes",
	} {
		_, _, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: strings.NewReader(file)}, interchange.TasksOptions{Type: polls.Boxes}))
		if !errors.Is(err, interchange.ErrBadFile) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
