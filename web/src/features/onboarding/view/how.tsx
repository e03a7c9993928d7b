import { go } from '../../frame/shared/route'
import { Icon, PlainHttp, useTitle } from '../../frame/view/parts'
import { Gas } from '../../money/view/gas'

/** What TaskNet does with an answer, a paragraph a step. */
export default function How() {
  const heading = useTitle('How it works')
  return (
    <div class="phone">
      <header class="top">
        <button class="btn bare slim back" type="button" onClick={() => go('/')}>
          <Icon of="back" /> Back
        </button>
      </header>
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          How it works
        </h1>
        <section>
          <h2>A question comes, you tap</h2>
          <p>Programs ask what they cannot judge themselves. You see what an answer pays before you give it. You may skip without loss.</p>
        </section>
        <section>
          <h2>Several people decide</h2>
          <p>A question closes when enough people have answered. You are paid for your answer whether or not the others agree with it. What each answer weighs follows from how people did before.</p>
        </section>
        <section>
          <h2>Some answers are known</h2>
          <p>In some projects a few questions have an answer that is known already. Nobody can tell which. They show who only guesses: those answers are not counted and not paid, and the person sees why. To disagree with others costs nothing. While you are new in such a project, your pay waits until you have answered a few of them well, or for some days at most.</p>
        </section>
        <section>
          <h2>Your key is you</h2>
          <p>When you begin, this device makes two keys: one signs your answers, one is a wallet that is paid. They stay here. Save a copy once you have earned something: nobody can give a lost key back.</p>
        </section>
        <section>
          <h2>What is public</h2>
          <p>When a question closes, its answers and signatures are published, so that anyone can check the verdict and the pay. All answers of one key can be linked with each other. No name is known, and none is published.</p>
        </section>
        <section>
          <h2>Where the money is</h2>
          <p>
            <b>Held</b> until the question closes, and a while longer where you are new, then <b>yours</b>, then in an <b>epoch</b> with everybody’s pay, then <b>on chain</b> in your wallet. <Gas />
          </p>
        </section>
        <section>
          <h2>Without a connection</h2>
          <p>Answers are kept on this phone and go out when it is back. An answer counts as long as its question is open when it arrives.</p>
        </section>
        <PlainHttp />
        <p class="small">
          <a href="/verify">Public records</a> · <a href="/console">Ask questions yourself</a>
        </p>
      </main>
    </div>
  )
}
