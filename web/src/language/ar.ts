// The same word for the same thing: question سؤال, answer إجابة, key مفتاح, wallet محفظة, held محجوز, yours لك, epoch حقبة, on
// chain على السلسلة, claim استلام, verdict حكم, record سجل, skip تخطي, pay أجر, fee رسم, project مشروع, requester السائل, device
// جهاز, receipt إيصال, payout address عنوان الدفع. Numbers take one of six forms.
import accuracy from './ar/accuracy'
import answered from './ar/answered'
import answering from './ar/answering'
import data from './ar/data'
import earned from './ar/earned'
import frame from './ar/frame'
import how from './ar/how'
import identity from './ar/identity'
import move from './ar/move'
import notice from './ar/notice'
import notices from './ar/notices'
import onboarding from './ar/onboarding'
import payouts from './ar/payouts'
import problem from './ar/problem'
import profile from './ar/profile'
import record from './ar/record'
import saying from './ar/saying'
import topics from './ar/topics'
import types from './ar/types'
import warnings from './ar/warnings'
import widgets from './ar/widgets'
import type { Words } from './words'

export default { accuracy, answered, answering, data, earned, frame, how, identity, move, notice, notices, onboarding, payouts, problem, profile, record, saying, topics, types, warnings, widgets } satisfies Words
