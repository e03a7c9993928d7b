import type { notice } from '../en/notice'
import type { In } from '../part'

export default {
  some: 'قد تكون هناك أسئلة لك.',
  there: 'هناك أسئلة لك.',
  pays: '{amount} {symbol} مقابل إجابة',
  moves: 'أجرتك تذهب إلى عنوان آخر.',
  movesBody: 'لم تفعل ذلك أنت؟ انقر، ثم ألغِ التغيير أو أعد العنوان السابق.',
  faster: 'سبقك آخرون.',
  fasterBody: 'اكتملت إجابات هذا السؤال. قد تكون هناك أسئلة أخرى.',
  failed: 'لم تُرسَل إجابة.',
  failedBody: 'لم تكن هناك شبكة. انقر لفتح السؤال.',
  taken: 'إجابتك: «{answer}».',
  takenBody: 'تصبح {amount} {symbol} لك حين يُغلق السؤال.',
  refused: 'لم تُقبل إجابتك.',
  kept: '«{answer}» محفوظة على هذا الهاتف.',
  keptBody: 'تُرسَل حين تتوفر الشبكة.',
} satisfies In<typeof notice>
