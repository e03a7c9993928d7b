import { part } from '../part'

/** What questions are about, by their marks. Only pages that are fetched when they are wanted need them. */
export const topics = /* @__PURE__ */ part('topics', {
  animals: 'Animals',
  arts: 'Arts',
  food: 'Food',
  health: 'Health',
  home: 'Home',
  language: 'Language',
  nature: 'Nature',
  news: 'News',
  people: 'People',
  places: 'Places',
  politics: 'Politics',
  religion: 'Religion',
  science: 'Science',
  shopping: 'Shopping',
  sport: 'Sport',
  technology: 'Technology',
})
