package interchange_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

func parseConfig(t testing.TB, text string) *interchange.LabelConfig {
	t.Helper()
	c, err := interchange.ParseLabelConfig([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return c
}

// Configurations as Label Studio's templates have them.
func TestLabelConfigs(t *testing.T) {
	for name, tt := range map[string]struct {
		xml  string
		want interchange.LabelConfig
	}{
		"sentiment": {
			`<View>
			  <!-- a comment -->
			  <Header value="Choose text sentiment:"/>
			  <Text name="my_text" value="$reviewText" granularity="word"/>
			  <View style="box-shadow: 2px 2px 5px #999;">
			    <Choices name="sentiment" toName="my_text" choice="single" showInLine="true">
			      <Choice value="Positive" hotkey="p"/><Choice value="Negative"/><Choice value="Neutral"/>
			    </Choices>
			  </View>
			</View>`,
			interchange.LabelConfig{Type: polls.Choice, Text: "Choose text sentiment:", Choices: []string{"Positive", "Negative", "Neutral"}},
		},
		"yes and no": {`<View><Image name="i" value="$image"/><Choices name="c" toname="i"><Choice value="Yes"/><Choice value="No"/></Choices></View>`, interchange.LabelConfig{Type: polls.YesNo, Choices: []string{"Yes", "No"}}},
		"topics":     {`<View><Text name="t" value="$text"/><Choices name="c" toName="t" choice="multiple"><Choice value="a" alias="A"/><Choice value="b"/></Choices></View>`, interchange.LabelConfig{Type: polls.Multiple, Choices: []string{"a", "b"}}},
		"stars":      {`<View><Audio name="a" value="$clip"/><Rating name="r" toName="a" maxRating="3"/></View>`, interchange.LabelConfig{Type: polls.Scale, Choices: []string{"1", "2", "3"}}},
		"five stars": {`<View><Audio name="a" value="$clip"/><Rating name="r" toName="a"/></View>`, interchange.LabelConfig{Type: polls.Scale, Choices: []string{"1", "2", "3", "4", "5"}}},
		"number":     {`<View><Image name="i" value="$image"/><Number name="n" toName="i" min="0" max="10.5" step="0.25"/></View>`, interchange.LabelConfig{Type: polls.Number, Options: polls.Options{Number: &polls.NumberRange{Max: 10_500_000, Decimals: 2}}}},
		"words":      {`<View><Image name="i" value="$image"/><TextArea name="caption" toName="i" rows="4"/></View>`, interchange.LabelConfig{Type: polls.Text, Options: polls.Options{Length: 1000}}},
		"ranking":    {`<View><Text name="prompt" value="$prompt"/><List name="answers" value="$items"/><Ranker name="rank" toName="answers"/></View>`, interchange.LabelConfig{Type: polls.Ranking}},
		"pair":       {`<View><Pairwise name="pw" toName="one, two"/><Text name="one" value="$a"/><Text name="two" value="$b"/></View>`, interchange.LabelConfig{Type: polls.Pair}},
		"boxes":      {`<View><Image name="image" value="$image" zoom="true"/><RectangleLabels name="label" toName="image"><Label value="Airplane" background="green"/><Label value="Car"/></RectangleLabels></View>`, interchange.LabelConfig{Type: polls.Boxes, Choices: []string{"Airplane", "Car"}}},
		"polygons":   {`<View><Image name="image" value="$image"/><PolygonLabels name="label" toName="image"><Label value="Car"/></PolygonLabels></View>`, interchange.LabelConfig{Type: polls.Polygons, Choices: []string{"Car"}}},
		"masks":      {`<View><Image name="image" value="$image"/><BrushLabels name="label" toName="image"><Label value="Car &lt;1&gt;"/></BrushLabels></View>`, interchange.LabelConfig{Type: polls.Mask, Choices: []string{"Car <1>"}}},
		"names":      {`<?xml version="1.0" encoding="UTF-8"?><View><Labels name="label" toName="text"><Label value="PER"/><Label value="ORG"/></Labels><Text name="text" value="$text"/></View>`, interchange.LabelConfig{Type: polls.Spans, Choices: []string{"PER", "ORG"}}},
	} {
		got := parseConfig(t, tt.xml)
		if diff := cmp.Diff(&tt.want, got, cmpopts.IgnoreUnexported(interchange.LabelConfig{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What we do not have is said by its name.
func TestLabelConfigsThatCannotBeAsked(t *testing.T) {
	image := `<Image name="i" value="$image"/>`
	text := `<Text name="t" value="$text"/>`
	choices := `<Choices name="c" toName="i"><Choice value="a"/><Choice value="b"/></Choices>`
	for xml, want := range map[string]string{
		``:             "The label configuration is empty.",
		`<View>`:       "The label configuration is not XML",
		`<View></Vie>`: "The label configuration is not XML",
		`{"a":1}`:      "The label configuration is empty.",
		`<View/>`:      "The label configuration asks nothing",
		image:          "The label configuration asks nothing",
		choices:        `<Choices> is about "i", and nothing that can be shown has that name.`,
		`<View>` + image + choices + `<Rating name="r" toName="i"/></View>`:                                             "A project asks one thing, and the label configuration has <Choices> and <Rating>.",
		image + `<KeyPointLabels name="k" toName="i"><Label value="a"/></KeyPointLabels>`:                               "There is no type of question for <KeyPointLabels>.",
		image + `<EllipseLabels name="k" toName="i"><Label value="a"/></EllipseLabels>`:                                 "There is no type of question for <EllipseLabels>.",
		image + `<Taxonomy name="k" toName="i"><Choice value="a"/></Taxonomy>`:                                          "There is no type of question for <Taxonomy>.",
		image + `<DateTime name="k" toName="i"/>`:                                                                       "There is no type of question for <DateTime>.",
		image + `<Rectangle name="k" toName="i"/><Labels name="l" toName="i"><Label value="a"/></Labels>`:               "There is no type of question for <Rectangle>.",
		image + `<Labels name="l" toName="i"><Label value="a"/></Labels>`:                                               "There is no type of question for <Labels> about <Image>.",
		text + `<RectangleLabels name="l" toName="t"><Label value="a"/></RectangleLabels>`:                              "There is no type of question for <RectangleLabels> about <Text>.",
		`<Video name="v" value="$video"/>` + choices:                                                                    "There is no way to show a <Video>.",
		`<HyperText name="i" value="$html"/>` + choices:                                                                 "There is no way to show a <HyperText>.",
		`<Image name="i" value="https://example.org/1.png"/>` + choices:                                                 `<Image name="i"> shows the same for every task`,
		image + `<Choices name="c" toName="i" value="$options"/>`:                                                       "The choices of a project are the same for all tasks, and not $options.",
		image + `<Choices name="c" toName="i" perRegion="true"><Choice value="a"/></Choices>`:                           "There is no type of question for <Choices> about each region.",
		image + `<Choices name="c" toName="i"/>`:                                                                        "There is no <Choice> in <Choices>.",
		image + `<Choices name="c" toName="i"><Choice value="a"/><Choice value="a"/></Choices>`:                         `The label configuration has "a" twice.`,
		image + `<Choices name="c" toName="i"><Choice value="a"/><Choice/></Choices>`:                                   "A <Choice> has no value.",
		image + `<Choices name="c" toName="i"><Choice value="a"><Choice value="b"/></Choice></Choices>`:                 "choices within choices",
		image + `<Choices name="c" toName="i"><View><Choice value="b"/></View></Choices>`:                               "There is no type of question for <View> in <Choices>.",
		image + `<Rating name="r" toName="i" maxRating="21"/>`:                                                          "A <Rating> goes to 2 at least and 20 at most.",
		image + `<Number name="r" toName="i"/>`:                                                                         "A <Number> needs min and max",
		image + `<Number name="r" toName="i" min="0" max="1" step="0.0000001"/>`:                                        "at most six decimals",
		image + `<Pairwise name="p" toName="i"/>`:                                                                       "<Pairwise> is about two things, and not 1.",
		`<Audio name="a" value="$a"/><Audio name="b" value="$b"/><Pairwise name="p" toName="a,b"/>`:                     "A pair is of two texts or two images, and not of <Audio>.",
		`<List name="l" value="$items"/><Ranker name="r" toName="l"><Bucket name="best"/></Ranker>`:                     "There is no type of question for a <Ranker> with buckets.",
		`<List name="l" value="$items"/><Choices name="c" toName="l"><Choice value="a"/></Choices>`:                     "There is no type of question for <Choices> about <List>.",
		strings.Repeat("<View>", 100) + strings.Repeat("</View>", 100):                                                  "nested deeper than 64 tags",
		`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><View>` + image + `<Header value="&b;"/></View>`: "The label configuration is not XML",
		`<View a="` + strings.Repeat("a", 1<<20) + `"/>`:                                                                "is longer than 1048576 bytes",
	} {
		_, err := interchange.ParseLabelConfig([]byte(xml))
		if !errors.Is(err, interchange.ErrBadFile) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.120s: %v, want %q", xml, err, want)
		}
	}
}

const (
	boxConfig  = `<View><Image name="i" value="$image"/><RectangleLabels name="l" toName="i"><Label value="cat" alias="c"/><Label value="dog"/></RectangleLabels></View>`
	spanConfig = `<View><Labels name="l" toName="t"><Label value="PER"/><Label value="ORG"/></Labels><Text name="t" value="$text"/></View>`
)

// studioTask is a task with one annotation.
func studioTask(data, results string) string {
	return fmt.Sprintf(`[{"id":1,"data":%s,"annotations":[{"id":1,"completed_by":{"id":7,"email":"a@example.org"},"result":[%s]}]}]`, data, results)
}

// box is a result of an image of 200 x 100 pixels.
func box(value string) string {
	return `{"id":"x","from_name":"l","to_name":"i","type":"rectanglelabels","original_width":200,"original_height":100,"image_rotation":0,"value":` + value + `}`
}

// Annotations as Label Studio exports them.
func TestLabelStudioAnnotations(t *testing.T) {
	span := func(value string) string {
		return `{"from_name":"l","to_name":"t","type":"labels","value":` + value + `}`
	}
	one := func(kind, value string) string {
		return `{"from_name":"c","to_name":"x","type":"` + kind + `","value":` + value + `}`
	}
	about := `<Text name="x" value="$text"/>`
	for name, tt := range map[string]struct {
		xml, file string
		o         interchange.TasksOptions
		want      string // truth
	}{
		"to the nearest pixel": {boxConfig, studioTask(`{"image":"a"}`, box(`{"x":10.2,"y":20.6,"width":30.1,"height":40,"rotation":0,"rectanglelabels":["dog"]}`)), interchange.TasksOptions{}, `[{"class":1,"h":40,"w":61,"x":20,"y":21}]`},
		"out of the image":     {boxConfig, studioTask(`{"image":"a"}`, box(`{"x":-1,"y":99.9,"width":200,"height":0,"rotation":0,"rectanglelabels":["cat"]}`)), interchange.TasksOptions{}, `[{"class":0,"h":1,"w":200,"x":0,"y":99}]`},
		"two classes":          {boxConfig, studioTask(`{"image":"a"}`, box(`{"x":0,"y":0,"width":50,"height":50,"rotation":0,"rectanglelabels":["dog","c"]}`)), interchange.TasksOptions{}, `[{"class":1,"h":50,"w":100,"x":0,"y":0},{"class":0,"h":50,"w":100,"x":0,"y":0}]`},
		"the project's order":  {boxConfig, studioTask(`{"image":"a"}`, box(`{"x":0,"y":0,"width":50,"height":50,"rectanglelabels":["c"]}`)), interchange.TasksOptions{Choices: []string{"dog", "cow", "cat"}}, `[{"class":2,"h":50,"w":100,"x":0,"y":0}]`},
		"nothing seen":         {boxConfig, studioTask(`{"image":"a"}`, ``), interchange.TasksOptions{}, `[]`},
		"another control's":    {boxConfig, studioTask(`{"image":"a"}`, `{"from_name":"other","to_name":"i","type":"choices","value":{"choices":["x"]}}`), interchange.TasksOptions{}, `[]`},
		"ground truth first": {
			boxConfig,
			`[{"data":{"image":"a"},"annotations":[{"result":[` + box(`{"x":0,"y":0,"width":1,"height":1,"rectanglelabels":["cat"]}`) + `]},{"ground_truth":true,"was_cancelled":true,"result":[]},{"ground_truth":true,"result":[` + box(`{"x":0,"y":0,"width":1,"height":1,"rectanglelabels":["dog"]}`) + `]}]}]`,
			interchange.TasksOptions{},
			`[{"class":1,"h":1,"w":2,"x":0,"y":0}]`,
		},
		"only cancelled":  {boxConfig, `[{"data":{"image":"a"},"annotations":[{"was_cancelled":true,"result":[]}]}]`, interchange.TasksOptions{}, ``},
		"code points":     {spanConfig, studioTask(`{"text":"😀 Ann of Acme"}`, span(`{"start":9,"end":13,"text":"Acme","labels":["ORG"]}`)+","+span(`{"start":"2","end":"5","labels":["PER"]}`)), interchange.TasksOptions{}, `[{"class":0,"end":5,"start":2},{"class":1,"end":13,"start":9}]`},
		"UTF-16":          {spanConfig, studioTask(`{"text":"😀 Ann of Acme"}`, span(`{"start":10,"end":14,"text":"Acme","labels":["ORG"]}`)), interchange.TasksOptions{}, `[{"class":1,"end":13,"start":9}]`},
		"an alias":        {about + `<Choices name="c" toName="x"><Choice value="a" alias="A"/><Choice value="b"/></Choices>`, studioTask(`{"text":"q"}`, one("choices", `{"choices":["A"]}`)), interchange.TasksOptions{}, `a`},
		"several":         {about + `<Choices name="c" toName="x" choice="multiple"><Choice value="a"/><Choice value="b"/><Choice value="z"/></Choices>`, studioTask(`{"text":"q"}`, one("choices", `{"choices":["z","a"]}`)), interchange.TasksOptions{}, `[0,2]`},
		"a rating":        {about + `<Rating name="c" toName="x"/>`, studioTask(`{"text":"q"}`, one("rating", `{"rating":4}`)), interchange.TasksOptions{}, `4`},
		"a number":        {about + `<Number name="c" toName="x" min="0" max="9" step="0.5"/>`, studioTask(`{"text":"q"}`, one("number", `{"number":2.50}`)), interchange.TasksOptions{}, `"2.5"`},
		"some text":       {about + `<TextArea name="c" toName="x"/>`, studioTask(`{"text":"q"}`, one("textarea", `{"text":["a \"b\"","c"]}`)), interchange.TasksOptions{}, `"a \"b\"\nc"`},
		"a pair":          {`<Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="c" toName="a,b"/>`, studioTask(`{"a":"q","b":"r"}`, one("pairwise", `{"selected":"right"}`)), interchange.TasksOptions{}, `1`},
		"a ranking":       {`<List name="x" value="$items"/><Ranker name="c" toName="x"/>`, studioTask(`{"items":[{"id":"0","title":"a"},{"id":"1","title":"b"}]}`, one("ranker", `{"ranker":{"c":["1","0"]}}`)), interchange.TasksOptions{}, `[1,0]`},
		"no truth wanted": {"", studioTask(`{"image":"a"}`, box(`{}`)), interchange.TasksOptions{}, ``},
	} {
		if tt.xml != "" {
			tt.o.Config = parseConfig(t, "<View>"+tt.xml+"</View>")
		}
		tasks, bad := readTasks(t, "", tt.file, tt.o)
		if bad != nil || len(tasks) != 1 || tasks[0].Truth != tt.want {
			t.Errorf("%s: %+v, %v, want %s", name, tasks, bad, tt.want)
		}
	}
}

func TestLabelStudioMalformed(t *testing.T) {
	mask := func(width, height int, value string) string {
		return fmt.Sprintf(`{"from_name":"l","to_name":"i","type":"brushlabels","original_width":%d,"original_height":%d,"value":%s}`, width, height, value)
	}
	maskConfig := strings.ReplaceAll(boxConfig, "RectangleLabels", "BrushLabels")
	span := func(value string) string {
		return studioTask(`{"text":"Ann of Acme"}`, `{"from_name":"l","to_name":"t","type":"labels","value":`+value+`}`)
	}
	image := func(results string) string { return studioTask(`{"image":"a"}`, results) }
	for name, tt := range map[string]struct{ xml, file, want string }{
		"no data":        {boxConfig, studioTask(`{"other":"a"}`, ""), `the data have no "image"`},
		"data of a list": {boxConfig, studioTask(`{"image":["a"]}`, ""), `the data's "image" is not a text`},
		"class":          {boxConfig, image(box(`{"x":0,"y":0,"width":50,"height":50,"rectanglelabels":["cow"]}`)), `the annotation has the class "cow", which is none`},
		"turned":         {boxConfig, image(box(`{"x":0,"y":0,"width":50,"height":50,"rotation":12,"rectanglelabels":["cat"]}`)), "the annotation has a rectangle that is turned, or not whole"},
		"no width":       {boxConfig, image(box(`{"x":0,"y":0,"height":50,"rectanglelabels":["cat"]}`)), "the annotation has a rectangle that is turned, or not whole"},
		"huge image":     {maskConfig, image(mask(1<<40, 1<<40, `{"rle":[1],"brushlabels":["cat"]}`)), "the annotation's image has 1099511627776 x 1099511627776 pixels"},
		"no image size":  {maskConfig, image(mask(0, 10, `{"rle":[1],"brushlabels":["cat"]}`)), "the annotation's image has 0 x 10 pixels"},
		"two sizes":      {boxConfig, image(box(`{"x":0,"y":0,"width":1,"height":1,"rectanglelabels":["cat"]}`) + "," + strings.ReplaceAll(box(`{"x":0,"y":0,"width":1,"height":1,"rectanglelabels":["cat"]}`), "200", "300")), "the annotation's regions do not agree on the size of the image"},
		"no mask":        {maskConfig, image(mask(4, 4, `{"brushlabels":["cat"]}`)), "the annotation has a mask without rle"},
		"mask too short": {maskConfig, image(mask(4, 4, `{"rle":[0,0,0,64],"brushlabels":["cat"]}`)), "the mask is cut off"},
		"mask too large": {maskConfig, image(mask(4, 4, `{"rle":[255,255,255,255,56,18,27,240],"brushlabels":["cat"]}`)), "the mask has not four values for each pixel of its image"},
		"mask of words":  {maskConfig, image(mask(4, 4, `{"rle":[0,0,0,64,8,18,27,240],"brushlabels":["cat"]}`)), "the mask has values of other than 8 bits"},
		"not bytes":      {maskConfig, image(mask(4, 4, `{"rle":[300],"brushlabels":["cat"]}`)), "it is not a task of Label Studio: 300 is not a byte"},
		"span outside":   {spanConfig, span(`{"start":4,"end":12,"labels":["PER"]}`), "the annotation has a span that is not in the text"},
		"span's words":   {spanConfig, span(`{"start":0,"end":3,"text":"Bob","labels":["PER"]}`), `the annotation's span from 0 to 3 is not "Bob" in the text`},
		"half a span":    {spanConfig, span(`{"start":0,"labels":["PER"]}`), "the annotation has a span without start and end"},
		"two results":    {`<Text name="x" value="$text"/><Rating name="l" toName="x"/>`, studioTask(`{"text":"q"}`, box(`{"rating":1}`)+","+box(`{"rating":2}`)), "the annotation has 2 results, and one was asked for"},
		"buckets":        {`<List name="x" value="$items"/><Ranker name="l" toName="x"/>`, studioTask(`{"items":[{"id":"0","title":"a"}]}`, box(`{"ranker":{"a":[],"b":[]}}`)), "the annotation has several buckets, and one ranking was asked for"},
		"no items":       {`<List name="x" value="$items"/><Ranker name="l" toName="x"/>`, studioTask(`{"items":[{"id":"0"}]}`, ""), "an item of a list has neither title nor body"},
	} {
		tasks, bad := readTasks(t, "", tt.file, interchange.TasksOptions{Config: parseConfig(t, "<View>"+tt.xml+"</View>")})
		want := []labeling.BadRow{{Line: 1, Problem: tt.want}}
		if diff := cmp.Diff(want, bad); diff != "" || tasks != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, tasks, diff)
		}
	}
}
