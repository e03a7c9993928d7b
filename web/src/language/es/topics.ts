import type { topics } from '../en/topics'
import type { In } from '../part'

export default {
  animals: 'Animales',
  arts: 'Arte',
  food: 'Comida',
  health: 'Salud',
  home: 'Hogar',
  language: 'Lengua',
  nature: 'Naturaleza',
  news: 'Noticias',
  people: 'Personas',
  places: 'Lugares',
  politics: 'Política',
  religion: 'Religión',
  science: 'Ciencia',
  shopping: 'Compras',
  sport: 'Deporte',
  technology: 'Tecnología',
} satisfies In<typeof topics>
