package wire

import (
	"encoding/json"

	"github.com/tasknet/tasknet"
)

// NewProject is the body of POST /v1/projects.
type NewProject struct {
	Name         string           `json:"name" minLength:"1" maxLength:"120" example:"Spam of November"`
	Instructions string           `json:"instructions,omitempty" maxLength:"20000" doc:"What respondents read before they begin"`
	Examples     []ProjectExample `json:"examples,omitempty" maxItems:"20" doc:"Good and bad answers, and why"`
	Type         string           `json:"type,omitempty" enum:"choice,yes_no,scale,pair,multiple,ranking,number,text,boxes,polygons,mask,spans" doc:"What an answer is, as for a question. Left out: what label_config asks, or choice"`
	Text         string           `json:"text,omitempty" maxLength:"1000" doc:"The question of all tasks; left out when each task has its own" example:"Is this spam?"`
	Choices      []string         `json:"choices,omitempty" maxItems:"20" doc:"The choices, or the classes of regions and spans. Left out for pair and ranking, each task brings its own"`
	Number       *NumberRange     `json:"number,omitempty" doc:"For number: which numbers are answers"`
	Least        int              `json:"least,omitempty" minimum:"0" maximum:"20" doc:"For multiple: the fewest choices to select (default 0)"`
	Most         int              `json:"most,omitempty" minimum:"0" maximum:"20" doc:"For multiple: the most choices to select (default all)"`
	Length       int              `json:"length,omitempty" minimum:"0" maximum:"1000" doc:"For text: the most characters (default 200)"`
	Quorum       Quorum           `json:"quorum,omitempty" doc:"How many answers are enough for a task. Left out: fixed:3"`
	Price        *tasknet.Amount  `json:"price,omitempty" doc:"What one answer pays. Left out: the instance's default price" example:"0.018"`
	Deadline     int              `json:"deadline_seconds,omitempty" minimum:"10" maximum:"2592000" doc:"Seconds until a task's question closes with what it has. Left out: 30 days"`
	GoldRate     *string          `json:"gold_rate,omitempty" doc:"How many of the questions that somebody gets have a known truth, a decimal from 0 to 0.5. Left out: 0.1" example:"0.1"`
	Languages    []string         `json:"languages,omitempty" maxItems:"10" doc:"What respondents should read, as BCP 47 tags: for those who say that they read others the server chooses none of the tasks. Left out: any" example:"[\"en\"]"`
	MostEach     int              `json:"most_per_person,omitempty" minimum:"0" maximum:"1000000" doc:"How many of its tasks one person may answer. Left out, or 0: any number"`
	Difficulty   *string          `json:"difficulty_rate,omitempty" doc:"By how much of itself the price of tasks to come rises with each answer that the tasks which closed took on average beyond the fewest that the quorum allows; from 20 closed tasks on. A decimal from 0 to 1. Left out: 0" example:"0.1"`
	ModelHelps   *ModelHelps      `json:"model_helps,omitempty" doc:"Has a model learn from people's labels and answer with them, so that fewer people are asked. Left out: off"`
	LabelConfig  string           `json:"label_config,omitempty" maxLength:"65536" doc:"A label configuration of Label Studio, in XML: type, text, choices, number and length that are left out are what it asks. What it asks that no type of question has is an error"`
	Content
	Fairness
}

// ProjectExample shows what a good answer is, or a bad one.
type ProjectExample struct {
	Good   bool   `json:"good"`
	Text   string `json:"text,omitempty" maxLength:"2000"`
	Image  string `json:"image,omitempty" doc:"The hash that POST /v1/media returned"`
	Answer string `json:"answer" maxLength:"2000" doc:"In words"`
	Why    string `json:"why,omitempty" maxLength:"2000"`
}

// ChangeProject is the body of PATCH /v1/projects/{id}. What is left out stays. Price, quorum and deadline are those of tasks
// to come.
type ChangeProject struct {
	Name         *string           `json:"name,omitempty" minLength:"1" maxLength:"120"`
	Instructions *string           `json:"instructions,omitempty" maxLength:"20000"`
	Examples     *[]ProjectExample `json:"examples,omitempty" maxItems:"20"`
	Quorum       *Quorum           `json:"quorum,omitempty"`
	Price        *tasknet.Amount   `json:"price,omitempty"`
	Deadline     int               `json:"deadline_seconds,omitempty" minimum:"10" maximum:"2592000"`
	GoldRate     *string           `json:"gold_rate,omitempty"`
	Languages    *[]string         `json:"languages,omitempty" maxItems:"10"`
	MostEach     *int              `json:"most_per_person,omitempty" minimum:"0" maximum:"1000000" doc:"0: any number. Tasks that somebody was given before count"`
	Difficulty   *string           `json:"difficulty_rate,omitempty" doc:"A decimal from 0 to 1"`
	ModelHelps   *ModelHelps       `json:"model_helps,omitempty" doc:"Off and on again begins anew, with what is labeled by then"`
	Warnings     *[]string         `json:"warnings,omitempty" maxItems:"16" doc:"They hold for questions that are open, too"`
	Topics       *[]string         `json:"topics,omitempty" maxItems:"32"`
	Fairness
}

// Project is a project as its requester sees it.
type Project struct {
	ID           string           `json:"id"`
	Name         string           `json:"name"`
	Instructions string           `json:"instructions,omitempty"`
	Examples     []ProjectExample `json:"examples"`
	Type         string           `json:"type"`
	Text         string           `json:"text,omitempty"`
	Choices      []string         `json:"choices"`
	Number       *NumberRange     `json:"number,omitempty"`
	Least        int              `json:"least,omitempty"`
	Most         int              `json:"most,omitempty"`
	Length       int              `json:"length,omitempty"`
	Quorum       Quorum           `json:"quorum"`
	Price        tasknet.Amount   `json:"price" doc:"What one answer pays"`
	Difficulty   string           `json:"difficulty_rate" doc:"By how much of itself the price rises with each further answer that tasks take" example:"0.1"`
	PriceNow     tasknet.Amount   `json:"price_now" doc:"What an answer to a task pays that is added now, of importance 1: the price, with what it has risen by"`
	Fee          tasknet.Amount   `json:"fee" doc:"The operator's fee on one answer at the price of now, on top"`
	Hold         tasknet.Amount   `json:"hold" doc:"What a new task of importance 1 sets aside: max answers, with fee"`
	Deadline     int              `json:"deadline_seconds"`
	GoldRate     string           `json:"gold_rate" example:"0.1"`
	Languages    []string         `json:"languages"`
	Warnings     []string         `json:"warnings"`
	Topics       []string         `json:"topics"`
	MostEach     int              `json:"most_per_person" doc:"How many of its tasks one person may answer; 0: any number. A task counts that was given to them, but for those that they skipped"`
	ModelHelps   *ModelHelps      `json:"model_helps,omitempty" doc:"Absent when no model is wished for"`
	ModelStatus  *ModelStatus     `json:"model_status,omitempty" doc:"How far that is; of a single project only"`
	Status       string           `json:"status" enum:"running,paused,cancelled,completed"`
	Work         string           `json:"work,omitempty" enum:"pausing,resuming,cancelling,reopening" doc:"What is being done to all tasks; absent when nothing is"`
	Problem      string           `json:"problem,omitempty" doc:"The code of the error that keeps the work from going on, such as insufficient_funds; resume the project when it is mended"`
	Tasks        ProjectTasks     `json:"tasks"`
	Answers      int              `json:"answers" doc:"To tasks that closed"`
	Paid         tasknet.Amount   `json:"paid" doc:"To respondents, for tasks that closed"`
	Fees         tasknet.Amount   `json:"fees" doc:"To the operator, for tasks that closed"`
	Forfeited    tasknet.Amount   `json:"forfeited" doc:"To nobody, for tasks that closed: for answers that were struck and for which no others came before"`
	Imports      int              `json:"imports" doc:"Under way"`
	CreatedAt    Time             `json:"created_at"`
}

// ModelHelps says how a model helps a project. It is one more respondent, who is no person and is not paid: no task closes with fewer
// people's answers than its quorum's min. It needs a confidence quorum, one of the types choice, yes_no and scale, known answers
// among the tasks, and nodes that compute; where there are none, people are asked as without it.
type ModelHelps struct {
	Off        bool            `json:"off,omitempty" doc:"Switches it off; nothing else is said then"`
	Preset     string          `json:"preset,omitempty" enum:"text,image,tabular" doc:"text: tasks are texts. image: they are pictures. tabular: each is a JSON object with numbers in columns. Left out when model is there"`
	Height     int             `json:"height,omitempty" minimum:"0" maximum:"128" doc:"For image, with width: the size of the pictures, when they are all of one and small; up to 40 by 40 they are looked at in it, in grey. Left out, and for larger ones: 64 by 64, in colour" example:"28"`
	Width      int             `json:"width,omitempty" minimum:"0" maximum:"128" doc:"Likewise" example:"28"`
	Columns    []string        `json:"columns,omitempty" maxItems:"1000" doc:"For tabular: which of a task's numbers the model looks at" example:"[\"length\",\"weight\"]"`
	Model      json.RawMessage `json:"model,omitempty" doc:"The spec of a model as for POST /v1/jobs, over pictures of at most 128 by 128 pixels, words, tokens or numbers; its classes are the project's choices"`
	Labels     int             `json:"labels,omitempty" minimum:"0" maximum:"1000000" doc:"How many tasks people must have labeled before the first model, from 20 on. Left out: 200"`
	AuditShare string          `json:"audit_share,omitempty" maxLength:"20" doc:"How many tasks people answer all the same, by which the model is measured: a decimal from 0.05 to 1. Left out: 0.05" example:"0.05"`
}

// ModelStatus is how far a model is that helps a project.
type ModelStatus struct {
	State       string `json:"state" enum:"gathering,training,measuring,helping,switched_off" doc:"gathering: people label. training: a node learns a model. measuring: the first one is asked about known answers and audits, by which it is measured. helping: it answers with people. switched_off: it would have settled too many known answers and audits otherwise than people; switch it off and on again to begin anew"`
	Labels      int    `json:"labels" doc:"Tasks that people have labeled and that a model may learn from, when that was last counted"`
	LabelsNeed  int    `json:"labels_needed" doc:"For the next training"`
	Golds       int    `json:"golds" doc:"Known answers that are closed, likewise"`
	GoldsNeeded int    `json:"golds_needed" doc:"Before anybody can say what a model's word is worth"`
	Trainings   int    `json:"trainings" doc:"How many models were begun"`
	Job         string `json:"job,omitempty" doc:"Under way for the model: a training, or what it says of tasks"`
	Model       string `json:"model_job,omitempty" doc:"The training of the model that helps, or helped: its card is there"`
	Known       int    `json:"known" doc:"Known answers that the model was asked about, when it was last measured"`
	Right       int    `json:"right" doc:"Of these, on which what it says is likeliest is true"`
	Low         string `json:"accuracy_low,omitempty" doc:"From here to high its accuracy is, with 95 % confidence: Wilson's interval of right among known; left out while none is known" example:"0.8600"`
	High        string `json:"accuracy_high,omitempty" example:"0.9500"`
	Witness     string `json:"witness,omitempty" doc:"Hash of what its word is worth, while it helps"`
	Helped      int    `json:"helped" doc:"Tasks that closed with its word"`
	Saved       int    `json:"answers_saved" doc:"An estimate: how many answers fewer these took than as many tasks that people answered all the same"`
	Audits      int    `json:"audits" doc:"Tasks that people answered all the same since a model helps"`
	Problem     string `json:"problem,omitempty" doc:"Why the newest training or asking came to nothing; with half as many labels more it is tried again"`
	Reason      string `json:"reason,omitempty" doc:"Why it was switched off"`
	Since       *Time  `json:"switched_off_at,omitempty"`
	AuditSeed   string `json:"audit_seed,omitempty" doc:"What tasknet/audit-seed/v1 in witnesses is of, once the project is completed or cancelled, or the model switched off"`
}

// ProjectTasks counts a project's tasks.
type ProjectTasks struct {
	All   int `json:"all"`
	Open  int `json:"open"`
	Done  int `json:"done" doc:"Got the answers that the policy wants"`
	Ended int `json:"ended" doc:"Closed before, by the deadline or because the project was cancelled"`
}

// Projects is a page of projects, newest first.
type Projects struct {
	Page
	Projects []Project `json:"projects"`
}

// Guide is what respondents read about a project.
type Guide struct {
	Project      string         `json:"project"`
	Name         string         `json:"name"`
	Instructions string         `json:"instructions,omitempty"`
	Examples     []GuideExample `json:"examples"`
	Languages    []string       `json:"languages"`
}

// GuideExample shows what a good answer is, or a bad one.
type GuideExample struct {
	Good   bool   `json:"good"`
	Text   string `json:"text,omitempty"`
	Image  *Image `json:"image,omitempty"`
	Answer string `json:"answer"`
	Why    string `json:"why,omitempty"`
}

// TaskRow is a row of data that becomes a task.
type TaskRow struct {
	Key          string          `json:"key,omitempty" maxLength:"512" doc:"Your own word for it, unique in the project: a row whose key is there changes nothing. Left out: made of the content"`
	Text         string          `json:"text,omitempty" maxLength:"10000" doc:"The question; where the project has one for all its tasks, it is read as the passage"`
	Passage      string          `json:"passage,omitempty" maxLength:"10000"`
	Image        string          `json:"image,omitempty" maxLength:"2000" doc:"The hash that POST /v1/media returned, or an address that it is fetched from"`
	ImageAlt     string          `json:"image_alt,omitempty" maxLength:"300"`
	Audio        string          `json:"audio,omitempty" maxLength:"2000" doc:"As image, of an audio clip"`
	ChoiceImages []string        `json:"choice_images,omitempty" maxItems:"20" doc:"As image, one for each choice"`
	Choices      []string        `json:"choices,omitempty" maxItems:"20" doc:"For pair and ranking, when the project has none"`
	Truth        json.RawMessage `json:"truth,omitempty" doc:"What is known to be the answer: a choice by its words or its index, or a value in the form of its type. Respondents never see it"`
	Importance   string          `json:"importance,omitempty" maxLength:"20" doc:"How many times the project's price it pays, a decimal from 1 to 10. Left out: 1" example:"2.5"`
}

// AddTasks is the body of POST /v1/projects/{id}/tasks.
type AddTasks struct {
	Tasks []TaskRow `json:"tasks" minItems:"1" maxItems:"500"`
}

// AddedTasks is what became of the rows of AddTasks.
type AddedTasks struct {
	Made      int      `json:"made"`
	Known     int      `json:"known" doc:"Rows whose key the project had, which changed nothing"`
	Repeated  int      `json:"repeated" doc:"Rows whose key an earlier row of these has, which changed nothing"`
	Malformed int      `json:"malformed"`
	First     []BadRow `json:"first_malformed" doc:"The first 20 of them; line counts the rows from 1"`
}

// BadRow is a row that is no task.
type BadRow struct {
	Line    int    `json:"line" doc:"Where it begins, from 1; where the row is a file of an archive, which of them it is"`
	File    string `json:"file,omitempty" doc:"Of an archive, when the row is one of its files: that file's name"`
	Problem string `json:"problem"`
}

// Task is a task with what came of it. Its content is its question's: GET /v1/questions/{id}.
type Task struct {
	Key      string `json:"key"`
	State    string `json:"state" enum:"open,done,ended"`
	Question string `json:"question" doc:"The newest question that asks it"`
	Asked    int    `json:"asked" doc:"How often it was asked"`
	Import   string `json:"import,omitempty"`
	Truth    string `json:"truth,omitempty" doc:"As it was given, in the form of an answer"`

	Shows   string       `json:"shows,omitempty" doc:"What it shows, in at most 120 characters; of a task in a list only"`
	Answers int          `json:"answers,omitempty" doc:"Accepted so far; of a task in a list only"`
	Verdict *TaskVerdict `json:"verdict,omitempty" doc:"In short, once the question is closed; of a task in a list only"`
	Asking  *Question    `json:"asking,omitempty" doc:"The question, with its verdict once it is closed; of a single task only"`
}

// TaskVerdict is a Verdict in short.
type TaskVerdict struct {
	Outcome    string         `json:"outcome" enum:"decided,leaning,none"`
	Says       string         `json:"says,omitempty" doc:"The label, or what the value amounts to, such as 12.5 kg or 3 boxes, in at most 120 characters; empty when the outcome is none" example:"egret"`
	Confidence string         `json:"confidence" doc:"As in the verdict: of a choice, 0 when there is none" example:"0.976190"`
	Agreement  string         `json:"agreement,omitempty" doc:"As in the verdict: of answers that are values" example:"0.910000"`
	For        int            `json:"for" doc:"Answers that are the label; when answers are values, all that could tell"`
	Reason     string         `json:"reason" enum:"quorum,unsettled,deadline,cancelled"`
	Cost       tasknet.Amount `json:"cost" doc:"To respondents, to the operator, and what was forfeited"`
}

// Tasks is a page of tasks, by their keys.
type Tasks struct {
	Page
	Tasks []Task `json:"tasks"`
}

// NewImport is the body of POST /v1/projects/{id}/imports.
type NewImport struct {
	Name string `json:"name" minLength:"1" maxLength:"200" doc:"The file's; its ending says what it is, where its content does not" example:"tasks.csv"`
}

// Import is a file of tasks on its way into a project.
type Import struct {
	ID        string   `json:"id"`
	Project   string   `json:"project"`
	Name      string   `json:"name"`
	State     string   `json:"state" enum:"receiving,running,stopped,done,cancelled" doc:"receiving: its content is being uploaded. stopped: problem says why; start it again when that is mended"`
	Problem   string   `json:"problem,omitempty" doc:"The code of the error that stopped it, such as insufficient_funds"`
	Detail    string   `json:"detail,omitempty" doc:"The same as a sentence"`
	Bytes     int64    `json:"bytes" doc:"Received: where the next piece begins"`
	Rows      int      `json:"rows" doc:"Read so far, with those that are malformed"`
	Made      int      `json:"made" doc:"Tasks"`
	Known     int      `json:"known" doc:"Rows whose key the project had, which changed nothing"`
	Repeated  int      `json:"repeated" doc:"Rows whose key an earlier row of the file has, which changed nothing"`
	Malformed int      `json:"malformed"`
	First     []BadRow `json:"first_malformed" doc:"The first 20 of them"`
	CreatedAt Time     `json:"created_at"`
	EndedAt   *Time    `json:"ended_at,omitempty"`
}

// Imports is a page of imports, newest first.
type Imports struct {
	Page
	Imports []Import `json:"imports"`
}
