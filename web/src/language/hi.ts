// The same word for the same thing: question सवाल, answer जवाब, key कुंजी, wallet वॉलेट, held रोका हुआ, yours आपका, epoch एपॉक,
// on chain चेन पर, claim लेना, verdict फ़ैसला, record रिकॉर्ड, skip छोड़ना, pay भुगतान, fee शुल्क, project प्रोजेक्ट, requester
// पूछने वाला, device डिवाइस, receipt रसीद, payout address भुगतान का पता. The person is आप.
import accuracy from './hi/accuracy'
import answered from './hi/answered'
import answering from './hi/answering'
import data from './hi/data'
import earned from './hi/earned'
import frame from './hi/frame'
import how from './hi/how'
import identity from './hi/identity'
import move from './hi/move'
import notice from './hi/notice'
import notices from './hi/notices'
import onboarding from './hi/onboarding'
import payouts from './hi/payouts'
import problem from './hi/problem'
import profile from './hi/profile'
import record from './hi/record'
import saying from './hi/saying'
import topics from './hi/topics'
import types from './hi/types'
import warnings from './hi/warnings'
import widgets from './hi/widgets'
import type { Words } from './words'

export default { accuracy, answered, answering, data, earned, frame, how, identity, move, notice, notices, onboarding, payouts, problem, profile, record, saying, topics, types, warnings, widgets } satisfies Words
