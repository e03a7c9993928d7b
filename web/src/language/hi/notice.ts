import type { notice } from '../en/notice'
import type { In } from '../part'

export default {
  some: 'आपके लिए सवाल हो सकते हैं।',
  there: 'आपके लिए सवाल हैं।',
  pays: 'एक जवाब के {amount} {symbol}',
  moves: 'आपका भुगतान दूसरे पते पर जाता है।',
  movesBody: 'यह आपने नहीं किया? टैप करें, फिर इसे रद्द करें या वापस बदलें।',
  faster: 'दूसरे पहले जवाब दे चुके।',
  fasterBody: 'इस सवाल के जवाब पूरे हो गए। दूसरे सवाल हो सकते हैं।',
  failed: 'जवाब नहीं दिया गया।',
  failedBody: 'नेटवर्क नहीं था। सवाल खोलने के लिए टैप करें।',
  taken: 'आपका जवाब: “{answer}”।',
  takenBody: 'सवाल बंद होने पर {amount} {symbol} आपके होंगे।',
  refused: 'आपका जवाब नहीं लिया गया।',
  kept: '“{answer}” इस फ़ोन पर सुरक्षित है।',
  keptBody: 'नेटवर्क आने पर भेजा जाएगा।',
} satisfies In<typeof notice>
