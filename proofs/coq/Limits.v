(** The limits of weak-to-strong generalization: Theorems 4.1 and 4.2 and what follows from them. *)
From W2S Require Import Floors InnerSpace Shrinkage Flow.

(** ** The floors *)
(** [(1 + L - (3/2) L^2)^2 - (1 + 3 L) (1 - L) = L^2 (1 - (3/2) L)^2]. *)
Lemma quadratic_le_shrinkage (L : R) : 0 <= L <= 1 -> quadratic_floor L <= shrinkage_floor L.
Proof.
  intro HL. unfold quadratic_floor, shrinkage_floor.
  assert (P : 0 <= 1 + L - 3 / 2 * L ^ 2) by nra. pose proof (Rle_0_sqr (L * (1 - 3 / 2 * L))).
  assert (sqrt ((1 + 3 * L) * (1 - L)) <= 1 + L - 3 / 2 * L ^ 2); [| lra].
  rewrite <- (sqrt_square _ P). apply sqrt_le_1_alt. unfold Rsqr in *. nra.
Qed.

(** ** Theorem 4.1 *)
Section Theorem41.
Context {V : inner_space} (target fT fS : V).
Hypothesis (unit_target : sqnorm target = 1) (teacher : shrinkage_optimal target fT).

Lemma teacher_range : 0 <= loss fT target <= 1 /\ sqnorm fT <= 1 - loss fT target.
Proof using unit_target teacher.
  apply shrinkage_iff_ip in teacher. revert teacher unit_target. pose proof (sqnorm_pos fT) as A.
  pose proof (sqnorm_pos (vsub fT target)) as B. revert A B. expand. lra.
Qed.

(** [thm-4.1] The limit of weak-to-strong generalization, both inequalities. *)
Theorem thm_4_1 :
  shrinkage_optimal fT fS ->
  quadratic_floor (loss fT target) <= shrinkage_floor (loss fT target) /\
  shrinkage_floor (loss fT target) <= loss fS target.
Proof using unit_target teacher.
  intro student. apply (proj2 (def_1 fT fS)) in student. destruct teacher_range as [HL N].
  split; [now apply quadratic_le_shrinkage |]. set (L := loss fT target) in *. unfold shrinkage_floor.
  rewrite sqrt_mult by lra. pose proof (sqrt_sqrt (1 + 3 * L)). pose proof (sqrt_sqrt (1 - L)).
  set (half := vscale (1 / 2) fT) in *. pose proof (triangle_reverse (vsub target half) (vsub fS half)) as T.
  replace (sqnorm (vsub _ _)) with (loss fS target) in T by (expand; ring).
  assert (A : sqrt (1 + 3 * L) <= 2 * vnorm (vsub target half)).
  { rewrite <- vnorm_scale by lra. apply sqrt_le_1_alt. revert unit_target N. unfold L, half. expand. lra. }
  assert (B : vnorm fT <= sqrt (1 - L)) by apply sqrt_le_1_alt, N.
  assert (sqrt (1 - L) <= sqrt (1 + 3 * L)) by (apply sqrt_le_1_alt; lra). nra.
Qed.

(** [thm-4.2] A student no longer than its teacher. *)
Theorem thm_4_2 :
  vnorm fS <= vnorm fT ->
  1 / 4 * loss fT target ^ 2 <= bounded_floor (loss fT target) /\
  bounded_floor (loss fT target) <= loss fS target.
Proof using unit_target teacher.
  intro Hle. destruct teacher_range as [HL N]. rewrite (loss_sym fS). set (L := loss fT target) in *.
  assert (B : vnorm fT <= sqrt (1 - L)) by apply sqrt_le_1_alt, N. unfold bounded_floor.
  pose proof (sqrt_sqrt (1 - L) ltac:(lra)). pose proof (sqrt_pos (1 - L)). set (s := sqrt _) in *.
  assert (S1 : s <= 1) by nra. split.
  - replace L with ((1 - s) * (1 + s)) by lra. pose proof (pow2_ge_0 (1 - s)). nra.
  - apply Rle_trans with (2 := triangle_reverse target fS). unfold vnorm at 1. rewrite unit_target, sqrt_1.
    apply pow_incr. lra.
Qed.
End Theorem41.

(** ** Corollary 2: chains of students *)
Section Corollaries.
Context {V : inner_space}.

(** [f 0] is the teacher, [f (i + 1)] is shrinkage optimal for the labels of [f i]. *)
Definition student_chain (f : nat -> V) (n : nat) : Prop :=
  forall i, (i < n)%nat -> shrinkage_optimal (f i) (f (S i)).

Lemma shrinkage_norm (f g : V) : shrinkage_optimal f g -> vnorm g <= vnorm f.
Proof.
  intro H. apply shrinkage_iff_ip in H. apply vnorm_le. pose proof (sqnorm_pos (vsub f g)) as P.
  revert H P. expand. lra.
Qed.

Lemma chain_norm (f : nat -> V) (n : nat) : student_chain f n -> vnorm (f n) <= vnorm (f O).
Proof.
  induction n as [| n IH]; intro C; [lra |].
  apply Rle_trans with (vnorm (f n)); [apply shrinkage_norm, C | apply IH; intros i Hi; apply C]; lia.
Qed.

(** [cor-2] Bootstrapping does not beat Theorem 4.2, however long the chain. *)
Theorem cor_2 (target : V) (f : nat -> V) (n : nat) :
  sqnorm target = 1 -> shrinkage_optimal target (f O) -> student_chain f n ->
  1 / 4 * loss (f O) target ^ 2 <= bounded_floor (loss (f O) target) /\
  bounded_floor (loss (f O) target) <= loss (f n) target.
Proof. intros U T C. apply thm_4_2; trivial. now apply chain_norm. Qed.

(** ** Corollary 1: random features *)
(** The span of finitely many features (up to functions no inner product can tell apart). *)
Definition span (features : nat -> V) (width : nat) (f : V) : Prop :=
  exists w, forall x, ip f x = ip (vsum w features width) x.

Lemma span_linear features width : linear_class (span features width).
Proof.
  intros a b f g [w Hw] [u Hu]. exists (fun i => a * w i + b * u i). intro x.
  rewrite ip_add, !ip_scale, Hw, Hu, !ip_vsum, <- !rsum_scal, <- rsum_plus.
  apply rsum_ext. intros. ring.
Qed.
Lemma span_teacher features width (target fT : V) :
  least_squares (span features width) target fT -> shrinkage_optimal target fT.
Proof. apply lem_ls, span_linear. Qed.

(** The setting of the paper: a least squares teacher and an early-stopped student, on features of
    any activation, in any number and dimension; all that the proofs use of them is that they
    are vectors. *)
Definition weak_to_strong (target fT fS : V) : Prop :=
  sqnorm target = 1 /\
  (exists features width, least_squares (span features width) target fT) /\
  (exists features width w t,
    0 <= t /\ gradient_flow features width fT w /\ fS = network features width w t).

(** [cor-1] Theorem 4.1 for random-feature teachers and students. *)
Theorem cor_1 (target fT fS : V) :
  weak_to_strong target fT fS ->
  quadratic_floor (loss fT target) <= loss fS target /\
  shrinkage_floor (loss fT target) <= loss fS target.
Proof.
  intros (U & (sT & mT & HT) & (sS & mS & w & t & Ht & Hw & ->)). apply span_teacher in HT.
  destruct (thm_4_1 target fT (network sS mS w t)) as [A B]; trivial; [now apply lem_1_flow | lra].
Qed.

(** Networks of one feature: all that the witnesses need. *)
Lemma one_feature_teacher (target fT : V) :
  ip fT (vsub target fT) = 0 -> least_squares (span (fun _ => fT) 1) target fT.
Proof.
  intro H. split; [exists (fun _ => 1); intro; cbn; expand; ring |]. intros g [w Hw].
  assert (E : forall x, ip g x = w O * ip fT x) by (intro; rewrite Hw; cbn; expand; ring).
  pose proof (Rmult_le_pos _ _ (Rle_0_sqr (1 - w O)) (ip_pos V fT)). revert H. unfold Rsqr in *.
  unfold loss, sqnorm. rewrite !ip_sub_r, !ip_sub, (ip_sym V target g), (ip_sym V target fT), !E,
    (ip_sym V fT g), E. nra.
Qed.
Lemma one_feature_student (fT f : V) :
  ip f (vsub fT f) = 0 -> gradient_flow (fun _ => f) 1 fT (fun _ t => flow_filter t (sqnorm f)).
Proof.
  intros H i _. split; [exact (proj1 (flow_filter_ode _ 0 0)) |]. intros t _.
  unfold residual, network, flow_filter. auto_derive; [trivial |]. revert H. cbn. expand. lra.
Qed.
End Corollaries.
